// SPDX-License-Identifier: GPL-3.0-or-later
//
// node minisearch.js ENTRIES QUERIES [fuzzy]
//
// MiniSearch over the same entries, asked the same as it is typed. Prints the CPU microseconds of each
// keystroke, one a line. The fields and weights are those of the data dictionary.
'use strict'
const fs = require('fs')
const MiniSearch = require('minisearch')

const [entriesPath, queriesPath, fuzzy] = process.argv.slice(2)
const entries = fs.readFileSync(entriesPath, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
const queries = fs.readFileSync(queriesPath, 'utf8').split('\n').filter(Boolean)

const texts = map => typeof map === 'string' ? map : Object.values(map || {}).join(' ')
const index = new MiniSearch({
  fields: ['code', 'name', 'summary', 'description', 'keywords'],
  extractField: (entry, field) => field === 'id' ? entry.id : texts(entry[field]),
  searchOptions: {
    boost: { name: 10, keywords: 8, code: 6, summary: 4, description: 1 },
    prefix: true,
    combineWith: 'AND',
    ...(fuzzy ? { fuzzy: 0.2 } : {})
  }
})
const byId = new Map(entries.map(entry => [entry.id, entry]))
index.addAll(entries)

function ask (query) {
  const before = process.cpuUsage()
  const found = index.search(query).slice(0, 50).map(hit => byId.get(hit.id))
  const spent = process.cpuUsage(before)
  return { spent: spent.user + spent.system, found: found.length }
}

for (const query of queries) ask(query) // the compiler has seen everything once
const lines = queries.map(query => {
  const { spent, found } = ask(query)
  return `${spent}\t${found}\t${query}`
})
process.stdout.write(lines.join('\n') + '\n')
