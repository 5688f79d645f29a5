// SPDX-License-Identifier: GPL-3.0-or-later
//
// node pouchdb-pull.js FOLDER PORT DELTAS
//
// Pulls the whole database, then asks DELTAS times whether there is anything new. Prints the CPU seconds of
// the first pull, of one of the later ones (median), and how many documents came.
'use strict'
const path = require('path')
const PouchDB = require('pouchdb')

const [folder, port, deltas] = process.argv.slice(2)
const local = new PouchDB(path.join(folder, 'client'))

async function pull () {
  const before = process.cpuUsage()
  const result = await local.replicate.from(`http://127.0.0.1:${port}/requests`, { batch_size: 1000 })
  const spent = process.cpuUsage(before)
  return { seconds: (spent.user + spent.system) / 1e6, documents: result.docs_written }
}

async function main () {
  const first = await pull()
  const later = []
  for (let i = 0; i < Number(deltas); i++) later.push((await pull()).seconds)
  later.sort((a, b) => a - b)
  console.log(JSON.stringify({ first: first.seconds, documents: first.documents, delta: later[later.length >> 1] }))
  await local.close()
}

main().catch(error => { console.error(error); process.exit(1) })
