# SPDX-License-Identifier: GPL-3.0-or-later
"""An incident log in the shape of the well-known ServiceNow one (UCI, "Incident management process enriched event
log"): 36 columns, one row an event, "?" where nothing is known, day first, to the minute."""
import csv
import datetime
import random

COLUMNS = ("number incident_state active reassignment_count reopen_count sys_mod_count made_sla caller_id opened_by "
           "opened_at sys_created_by sys_created_at sys_updated_by sys_updated_at contact_type location category "
           "subcategory u_symptom cmdb_ci impact urgency priority assignment_group assigned_to knowledge "
           "u_priority_confirmation notify problem_id rfc vendor caused_by closed_code resolved_by resolved_at "
           "closed_at").split()
WAITS = ("Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence")
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "3 - Moderate", "3 - Moderate", "4 - Low")
CONTACTS = ("Phone",) * 9 + ("Self service", "Email", "IVR")


def states(chance):
    yield "New"
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
        yield "Active"
    while chance.random() < 0.25:
        yield chance.choice(WAITS)
        yield "Active"
    yield "Resolved"
    if chance.random() < 0.05:
        yield "Active"
        yield "Resolved"
    yield "Closed"


def written(time):
    return f"{time.day}/{time.month}/{time.year} {time.hour:02}:{time.minute:02}" if time else "?"


def rows(events, seed=1):
    """So many rows, those of one incident after each other."""
    chance = random.Random(seed)
    number, made = 45, 0
    while made < events:
        number += chance.randint(1, 4)
        opened = datetime.datetime(2025, 3, 1) + datetime.timedelta(minutes=chance.randint(0, 400_000))
        path = list(states(chance))
        time, times = opened, []
        for _ in path:
            times.append(time)
            time += datetime.timedelta(minutes=chance.choice((0, 0, 3, 17, 95, 600, 2900)))
        resolved = times[max(i for i, state in enumerate(path) if state == "Resolved")]
        category = chance.randint(1, 59)
        fixed = {
            "number": f"INC{number:07}", "caller_id": f"Caller {chance.randint(1, 5000)}",
            "opened_by": f"Opened by  {chance.randint(1, 500)}", "opened_at": written(opened),
            "sys_created_by": f"Created by {chance.randint(1, 200)}", "sys_created_at": written(opened),
            "contact_type": chance.choice(CONTACTS), "location": f"Location {chance.randint(1, 225)}",
            "category": f"Category {category}", "subcategory": f"Subcategory {chance.randint(1, 255)}",
            "u_symptom": chance.choice((f"Symptom {chance.randint(1, 580)}", "?")), "cmdb_ci": "?",
            "impact": "2 - Medium", "urgency": "2 - Medium", "priority": chance.choice(PRIORITIES),
            "knowledge": "TRUE", "u_priority_confirmation": "FALSE", "notify": "Do Not Notify", "problem_id": "?",
            "rfc": "?", "vendor": "?", "caused_by": "?", "closed_code": f"code {chance.randint(1, 17)}",
            "resolved_by": f"Resolved by {chance.randint(1, 230)}", "resolved_at": written(resolved),
            "closed_at": written(times[-1]), "made_sla": chance.choice(("true", "false")),
        }
        for place, (state, at) in enumerate(zip(path, times)):
            yield {**fixed, "incident_state": state, "active": "false" if state == "Closed" else "true",
                   "reassignment_count": place // 2, "reopen_count": 0, "sys_mod_count": place,
                   "sys_updated_by": f"Updated by {chance.randint(1, 900)}", "sys_updated_at": written(at),
                   "assignment_group": f"Group {chance.randint(1, 80)}",
                   "assigned_to": f"Resolver {chance.randint(1, 250)}"}
            made += 1


def write(path, events):
    with open(path, "w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows(events))
