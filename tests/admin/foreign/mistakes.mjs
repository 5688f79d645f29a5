// SPDX-License-Identifier: GPL-3.0-or-later

// Mistakes that a bill could have: [what, what makes it].

import { elements } from './shape.mjs';

// The first element at a path of names, from the root on; each name the first of that kind, or any below it when it begins with "*".
function at(root, path) {
  let node = root;
  for (const name of path.split('/')) {
    node = name.startsWith('*') ? node.getElementsByTagName(name.slice(1))[0] : elements(node).find((child) => child.nodeName === name);
    if (!node) throw new Error(`${path}: there is no ${name}`);
  }
  return node;
}

const remove = (path) => [`without ${path}`, (root) => { const node = at(root, path); node.parentNode.removeChild(node); }];
const set = (path, text) => [`${path} is “${text}”`, (root) => { at(root, path).textContent = text; }];
const attribute = (path, name, value) => [`${path}/@${name} is “${value}”`, (root) => at(root, path).setAttribute(name, value)];
const cent = (path) => [`${path} is off by 0.01`, (root) => { const node = at(root, path); node.textContent = (Number(node.textContent) + 0.01).toFixed(2); }];
const twice = (path) => [`${path} stands twice`, (root) => { const node = at(root, path); node.parentNode.insertBefore(node.cloneNode(true), node); }];
const exchange = (path) => [`${path} after what follows it`, (root) => { const node = at(root, path); const next = elements(node.parentNode)[elements(node.parentNode).indexOf(node) + 1]; node.parentNode.insertBefore(next, node); }];
const add = (path, name, text, before) => [
  `${name} in ${path}`,
  (root) => {
    const parent = at(root, path);
    const node = root.ownerDocument.createElementNS('urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2', name);
    node.textContent = text;
    parent.insertBefore(node, before ? elements(parent).find((child) => child.nodeName === before) : null);
  },
];

const SELLER = 'cac:AccountingSupplierParty/cac:Party';
const BUYER = 'cac:AccountingCustomerParty/cac:Party';
const SUBTOTAL = 'cac:TaxTotal/cac:TaxSubtotal';
const TOTALS = ['LineExtensionAmount', 'TaxExclusiveAmount', 'TaxInclusiveAmount', 'PayableAmount'].map((name) => `cac:LegalMonetaryTotal/cbc:${name}`);

export function mistakesFor(kind, country) {
  const credit = kind === 'CreditNote';
  const danish = country === 'DK';
  const line = credit ? 'cac:CreditNoteLine' : 'cac:InvoiceLine';
  const quantity = `${line}/cbc:${credit ? 'CreditedQuantity' : 'InvoicedQuantity'}`;
  const type = `cbc:${credit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode'}`;
  const category = `${line}/cac:Item/cac:ClassifiedTaxCategory`;

  return [
    ...['cbc:CustomizationID', 'cbc:ProfileID', 'cbc:ID', 'cbc:IssueDate', type, 'cbc:DocumentCurrencyCode', 'cbc:BuyerReference'].map(remove),
    ...[SELLER, BUYER].flatMap((party) => ['cbc:EndpointID', 'cac:PostalAddress', 'cac:PostalAddress/cac:Country', 'cac:PartyLegalEntity', 'cac:PartyLegalEntity/cbc:RegistrationName'].map((name) => remove(`${party}/${name}`))),
    ...['cac:TaxTotal', SUBTOTAL, `${SUBTOTAL}/cbc:TaxAmount`, `${SUBTOTAL}/cac:TaxCategory/cbc:ID`, 'cac:LegalMonetaryTotal', ...TOTALS, 'cac:PaymentMeans/cbc:PaymentMeansCode'].map(remove),
    ...['cbc:ID', 'cbc:LineExtensionAmount', 'cac:Item', 'cac:Item/cbc:Name', 'cac:Item/cac:ClassifiedTaxCategory', 'cac:Item/cac:ClassifiedTaxCategory/cac:TaxScheme', 'cac:Price'].map((name) => remove(`${line}/${name}`)),
    remove(quantity),
    ...(credit ? [] : [remove('cbc:DueDate')]),
    ...['cbc:CustomizationID', 'cbc:ID', 'cbc:DocumentCurrencyCode', SELLER.split('/')[0], `${SELLER}/cbc:EndpointID`, `${SELLER}/cac:PostalAddress/cbc:StreetName`, 'cac:PaymentMeans', 'cac:TaxTotal', `${SUBTOTAL}/cbc:TaxableAmount`, `${line}/cbc:ID`, quantity, `${line}/cac:Item`].map(exchange),
    ...['cbc:ID', 'cbc:BuyerReference', 'cac:TaxTotal', 'cac:LegalMonetaryTotal', line, `${line}/cac:Price`, `${line}/cac:DocumentReference`, SELLER, `${SELLER}/cbc:EndpointID`].map(twice),
    ...[...TOTALS, `${SUBTOTAL}/cbc:TaxableAmount`, `${SUBTOTAL}/cbc:TaxAmount`, 'cac:TaxTotal/cbc:TaxAmount', `${line}/cbc:LineExtensionAmount`, `${line}/cac:Price/cbc:PriceAmount`].map(cent),
    attribute(quantity, 'unitCode', 'PIECES'),
    attribute(quantity, 'unitCode', ''),
    attribute(`${line}/cbc:LineExtensionAmount`, 'currencyID', 'EUR'),
    attribute(`${line}/cac:Price/cbc:PriceAmount`, 'currencyID', ''),
    attribute(`${SELLER}/cbc:EndpointID`, 'schemeID', '1234'),
    set(`${SELLER}/cbc:EndpointID`, danish ? '5798990001720' : '999800070'),
    set(`${BUYER}/cac:PartyIdentification/cbc:ID`, '12345'),
    set(`${BUYER}/cac:PartyLegalEntity/cbc:CompanyID`, danish ? 'DK12345678' : '123456789'),
    set(`${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, 'XX'),
    ...['S', 'Z', 'E', 'AE', 'Q'].flatMap((letter) => [set(`${category}/cbc:ID`, letter), set(`${SUBTOTAL}/cac:TaxCategory/cbc:ID`, letter)]),
    set(`${SUBTOTAL}/cac:TaxCategory/cbc:TaxExemptionReasonCode`, 'VATEX-EU-AE'),
    add(category, 'cbc:Percent', '25', 'cac:TaxScheme'),
    add('cac:TaxTotal', 'cbc:RoundingAmount', '0.00'),
    add(line, 'cbc:Nonsense', 'x'),
    set('cbc:DocumentCurrencyCode', 'KR'),
    set(type, '999'),
    set('cbc:IssueDate', '28-11-2026'),
    set('cbc:IssueDate', '2026-13-41'),
    set('cbc:BuyerReference', ' '),
    set('cbc:ProfileID', 'billing'),
    set('cbc:CustomizationID', 'urn:cen.eu:en16931:2017'),
    set(`${line}/cac:InvoicePeriod/cbc:StartDate`, '2001-01-01'),
    set(`${line}/cac:InvoicePeriod/cbc:EndDate`, '2099-01-01'),
    set(`${line}/cac:DocumentReference/cbc:DocumentTypeCode`, '916'),
    set(`${line}/cac:Price/cbc:PriceAmount`, '-1.00'),
    set(`${line}/cbc:LineExtensionAmount`, '1.234,56'),
    set('cac:PaymentMeans/cbc:PaymentMeansCode', '30'),
    set('cac:PaymentMeans/cbc:PaymentMeansCode', '49'),
    set('cac:PaymentMeans/cbc:PaymentMeansCode', '999'),
    ...(credit ? [remove('cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID'), exchange('cac:BillingReference')] : []),
    ...(danish
      ? [
          remove(`${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`),
          attribute(`${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`, 'schemeID', '0088'),
          set('cac:PaymentMeans/cbc:PaymentMeansCode', '31'),
          attribute(`${BUYER}/cac:PartyIdentification/cbc:ID`, 'schemeID', ''),
        ]
      : []),
  ];
}
