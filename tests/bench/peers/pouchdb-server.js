// SPDX-License-Identifier: GPL-3.0-or-later
//
// node pouchdb-server.js FOLDER RECORDS
//
// A CouchDB-compatible server (express-pouchdb) with one database that holds RECORDS, a file with one JSON
// document a line. Prints its port when it is ready, and serves until its input ends.
'use strict'
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const express = require('express')
const PouchDB = require('pouchdb')

const [folder, records] = process.argv.slice(2)
const Stored = PouchDB.defaults({ prefix: path.join(folder, 'server-') })

async function fill (db) {
  let batch = []
  for await (const line of readline.createInterface({ input: fs.createReadStream(records) })) {
    const { id, ...record } = JSON.parse(line)
    batch.push({ _id: id, ...record })
    if (batch.length === 5000) {
      await db.bulkDocs(batch)
      batch = []
    }
  }
  await db.bulkDocs(batch)
}

async function main () {
  await fill(new Stored('requests'))
  const app = express()
  app.use('/', require('express-pouchdb')(Stored, {
    mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: path.join(folder, 'log.txt')
  }))
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
  process.stdin.on('end', () => process.exit(0)).resume()
}

main().catch(error => { console.error(error); process.exit(1) })
