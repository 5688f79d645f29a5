// SPDX-License-Identifier: GPL-3.0-or-later

// The bill as e-invoice-eu's structure of EN 16931: against its schema, and written again by its writer.

import { elements } from './shape.mjs';

// Its structure has one document for both.
const AS_INVOICE = { 'cbc:CreditNoteTypeCode': 'cbc:InvoiceTypeCode', 'cac:CreditNoteLine': 'cac:InvoiceLine', 'cbc:CreditedQuantity': 'cbc:InvoicedQuantity' };

const attributes = (node) =>
  [...Array(node.attributes.length).keys()].map((i) => node.attributes.item(i)).filter((one) => !one.name.startsWith('xmlns'));

// What can be compared: names, attributes, texts, in order.
const canonical = (node) => [
  node.nodeName,
  attributes(node)
    .map((one) => `${one.name}=${one.value}`)
    .sort(),
  elements(node).length ? elements(node).map(canonical) : node.textContent,
];

export class Structure {
  constructor(require, parse) {
    const { FormatFactoryService, invoiceSchema } = require('@e-invoice-eu/core');
    const Ajv = require('ajv/dist/2019').default;
    // Its InvoiceService does the same, but compiles the schema for each bill.
    this.writer = new FormatFactoryService().createFormatService('UBL', console);
    this.schema = structuredClone(invoiceSchema);
    this.writer.patchSchema(this.schema);
    this.parse = parse;
    this.validate = new Ajv({ allErrors: true }).compile(this.schema);
  }

  resolve(schema) {
    if (!schema?.$ref) return schema ?? {};
    return schema.$ref
      .slice(2)
      .split('/')
      .reduce((at, key) => at[key], this.schema);
  }

  read(node, schema) {
    const described = this.resolve(schema);
    if (!elements(node).length) return node.textContent;
    const value = {};
    for (const child of elements(node)) {
      const name = AS_INVOICE[child.nodeName] ?? child.nodeName;
      const wanted = this.resolve(described.properties?.[name]);
      if (wanted.type === 'array') (value[name] ??= []).push(this.read(child, wanted.items));
      else if (name in value) (value[`${name} again`] ??= []).push(this.read(child, wanted));
      else value[name] = this.read(child, wanted);
      for (const { name: attribute, value: text } of attributes(child)) value[`${name}@${attribute}`] = text;
    }
    return value;
  }

  async problems(root) {
    const bill = { 'ubl:Invoice': this.read(root, this.schema.properties['ubl:Invoice']) };
    if (!this.validate(bill)) return this.validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
    const text = await this.writer.generate(bill, { format: 'UBL', lang: 'en' });
    const again = this.parse(text).documentElement;
    return JSON.stringify(canonical(root)) === JSON.stringify(canonical(again)) ? [] : ['written again it is another'];
  }
}
