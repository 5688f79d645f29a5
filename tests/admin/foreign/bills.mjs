// SPDX-License-Identifier: GPL-3.0-or-later

// Reads each bill in a folder as others would, and requires that each of many mistakes, put into one of them, is found.
// Arguments: the folder; the folder where the packages are installed; the country of the bills.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { mistakesFor } from './mistakes.mjs';
import { Rules } from './rules.mjs';
import { Shape } from './shape.mjs';
import { Structure } from './structure.mjs';

const [folder, packages, country] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const { DOMParser } = require('@xmldom/xmldom');
const parse = (text) => new DOMParser().parseFromString(text, 'text/xml');
const checkers = [new Shape(require), new Structure(require, parse), new Rules(require)];

async function problems(root) {
  const found = {};
  for (const checker of checkers) {
    const said = await checker.problems(root);
    if (said.length) found[checker.constructor.name] = said;
  }
  return found;
}

const examples = {};
const names = readdirSync(folder).filter((name) => name.endsWith('.xml'));
for (const name of names) {
  const text = readFileSync(join(folder, name), 'utf8');
  const root = parse(text).documentElement;
  const kind = root.localName;
  // What is put wrong shall matter: something is to be paid, and, best, something taken back as well.
  const matters = Number(root.getElementsByTagName('cbc:PayableAmount')[0].textContent) > 0;
  const better = !examples[kind] || root.getElementsByTagName('cac:BillingReference').length;
  assert.deepEqual(await problems(root), {}, name);
  if (matters && better) examples[kind] = text;
}
for (const kind of ['Invoice', 'CreditNote']) assert.ok(examples[kind], `no ${kind} among ${names.length} bills`);

const foundBy = {};
const missed = [];
let count = 0;
for (const [kind, text] of Object.entries(examples))
  for (const [mistake, make] of mistakesFor(kind, country)) {
    const root = parse(text).documentElement;
    make(root);
    const found = await problems(root);
    if (!Object.keys(found).length) missed.push(`${kind}: ${mistake}`);
    for (const name of Object.keys(found)) foundBy[name] = (foundBy[name] ?? 0) + 1;
    count++;
  }
assert.deepEqual(missed, [], 'mistakes that nobody finds');
console.log(`${names.length} bills, ${checkers[2].applied.size} rules applied, ${count} mistakes found`, foundBy);
