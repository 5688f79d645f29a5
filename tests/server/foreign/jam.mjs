// SPDX-License-Identifier: GPL-3.0-or-later

// An order created, patched, sent and read by a JMAP client that others wrote.
// Environment: BST_URL, BST_TOKEN, NODE_EXTRA_CA_CERTS; JAM: the client's folder.

import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const { JamClient } = await import(pathToFileURL(`${process.env.JAM}/node_modules/jmap-jam/dist/index.js`));
const OWN = 'https://bestiller.org/ns/jmap';
const jam = new JamClient({
  bearerToken: process.env.BST_TOKEN,
  sessionUrl: `${process.env.BST_URL}/.well-known/jmap`,
  customCapabilities: { Request: OWN, RequestEvent: OWN, Service: OWN, Record: OWN },
});

const session = await jam.session;
const accountId = session.primaryAccounts[OWN];
assert.equal(accountId, 'd1');

// One round trip: find the service, and read it through a result reference.
const [found] = await jam.requestMany((b) => {
  const ids = b.Service.query({ accountId: 'catalogue', filter: { text: 'bærbar' } });
  const services = b.Service.get({ accountId: 'catalogue', ids: ids.$ref('/ids') });
  return { ids, services };
});
const service = found.services.list[0];
assert.equal(service.code, 'IT-101');

const [made] = await jam.api.Request.set({
  accountId,
  create: {
    k: {
      title: 'Pc til ny kollega',
      unit: 's1',
      lines: {
        l1: { service: service.id, serviceVersion: service.version, quantity: 1, price: service.price, promise: service.promise },
      },
    },
  },
});
assert.equal(made.notCreated, null);
const id = made.created.k.id;

const [patched] = await jam.api.Request.set({
  accountId,
  update: { [id]: { rev: made.created.k.rev, 'lines/l1/quantity': 3, place: 'Kontoret', ean: '5790000000012' } },
});
assert.equal(patched.notUpdated, null);
assert.ok(patched.updated[id].rev > made.created.k.rev);

const [sent] = await jam.api.RequestEvent.set({
  accountId,
  create: { e: { request: id, action: 'submit', at: '2026-03-12T10:00:00Z' } },
});
assert.equal(sent.notCreated, null);

const [read] = await jam.api.Request.get({ accountId, ids: [id] });
const order = read.list[0];
assert.equal(order.lines.l1.quantity, 3);
assert.equal(order.place, 'Kontoret');
assert.equal(order.state, 'submitted');
assert.match(order.number, /^20\d\d-000001$/);
assert.equal(order.total.amount, 1500000);

await assert.rejects(jam.api.Request.get({ accountId: 'd2', ids: null }), { type: 'accountNotFound' });

const blob = await jam.uploadBlob(accountId, 'Hej verden');
const file = await jam.downloadBlob({ accountId, blobId: blob.blobId, mimeType: 'text/plain', fileName: 'hej.txt' });
assert.equal(await file.text(), 'Hej verden');
