// SPDX-License-Identifier: GPL-3.0-or-later

// Order, number and kind of elements, by what ubl-builder knows of UBL 2.1.

const TYPES = {
  UdtAmount: { pattern: /^-?\d+(\.\d+)?$/, attribute: 'currencyID' },
  UdtQuantity: { pattern: /^-?\d+(\.\d+)?$/, attribute: 'unitCode' },
  UdtDate: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
  UdtPercent: { pattern: /^-?\d+(\.\d+)?$/ },
};

// What the library names differently from the standard.
const OTHER_NAMES = { InvoicePeriod: 'PeriodType' };

// In what it is wrong: lines are [1..*] (UBL-Invoice-2.1.xsd, UBL-CreditNote-2.1.xsd), and its own classes take several.
const CORRECTED = { 'cac:InvoiceLine': { min: 1, max: undefined }, 'cac:CreditNoteLine': { min: 1, max: undefined } };

export const elements = (node) => [...Array(node.childNodes.length).keys()].map((i) => node.childNodes[i]).filter((child) => child.nodeType === 1);

export class Shape {
  constructor(require) {
    this.aggregates = require('ubl-builder/lib/ubl21/CommonAggregateComponents');
    const maps = require('ubl-builder/lib/ubl21/schemaDocuments/ChildrenMap');
    this.roots = { Invoice: maps.INVOICE_CHILDREN_MAP, CreditNote: maps.CREDIT_NOTE_CHILDREN_MAP };
    this.seen = new Set();
  }

  // Name -> {order, min, max, kind: the class that describes it}
  rootParts(name) {
    return new Map(
      Object.values(this.roots[name]).map((part) => {
        const local = part.childName.split(':')[1];
        return [part.childName, { ...part, ...CORRECTED[part.childName], kind: this.aggregates[OTHER_NAMES[local] ?? local] }];
      }),
    );
  }

  static partsOf(kind) {
    const parts = new kind({}).paramsMap;
    return parts && new Map(Object.values(parts).map((part) => [part.attributeName, { ...part, kind: part.classRef }]));
  }

  problems(root) {
    return this.checkParts(root, this.rootParts(root.localName), root.localName);
  }

  checkParts(node, parts, path) {
    const found = [];
    const counts = new Map();
    let last = 0;
    for (const child of elements(node)) {
      const part = parts.get(child.nodeName);
      const here = `${path}/${child.nodeName}`;
      if (!part) {
        found.push(`${here}: no such element`);
        continue;
      }
      if (part.order < last) found.push(`${here}: comes too late`);
      last = Math.max(last, part.order);
      counts.set(child.nodeName, (counts.get(child.nodeName) ?? 0) + 1);
      found.push(...this.checkNode(child, part.kind, here));
    }
    for (const [name, part] of parts) {
      const n = counts.get(name) ?? 0;
      if (n < (part.min ?? 0)) found.push(`${path}/${name}: is missing`);
      if (part.max !== undefined && n > part.max) found.push(`${path}/${name}: stands ${n} times`);
    }
    return found;
  }

  checkNode(node, kind, path) {
    if (node.nodeName.startsWith('cac:')) {
      const parts = kind && Shape.partsOf(kind);
      if (!parts) return [`${path}: not described`];
      this.seen.add(kind.name);
      return this.checkParts(node, parts, path);
    }
    const type = TYPES[kind?.name];
    const found = [];
    if (elements(node).length || !node.textContent.trim()) found.push(`${path}: wants a value`);
    if (type && !type.pattern.test(node.textContent)) found.push(`${path}: “${node.textContent}” is no ${kind.name}`);
    if (type?.attribute && !node.getAttribute(type.attribute)) found.push(`${path}: ${type.attribute} is missing`);
    return found;
  }
}
