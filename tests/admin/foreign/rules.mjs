// SPDX-License-Identifier: GPL-3.0-or-later

// The rules of EN 16931, of Peppol BIS Billing 3 and of Denmark and Norway that can touch a bill of ours, by their published names. Each is an
// XPath where it applies, and one that must hold there. Amounts are compared in hundredths, which a floating point holds exactly.

const HUNDREDTHS = (path) => `round(100 * ${path})`;
const SELLER = '/*/cac:AccountingSupplierParty/cac:Party';
const BUYER = '/*/cac:AccountingCustomerParty/cac:Party';
const TOTAL = '/*/cac:LegalMonetaryTotal';
const LINES = '/*/cac:InvoiceLine | /*/cac:CreditNoteLine';
const DANISH = `${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode = 'DK'`;
const NORWEGIAN = `${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode = 'NO'`;
const CATEGORIES = '//cac:TaxSubtotal/cac:TaxCategory | //cac:ClassifiedTaxCategory';

const weighted = (digits, weights) => [...digits].reduce((sum, digit, i) => sum + digit * weights[i], 0);
const gln = (text) => /^\d{13}$/.test(text) && weighted(text, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
const organisation = (text) => /^\d{9}$/.test(text) && weighted(text, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
const company = (text) => /^DK\d{8}$/.test(text) && weighted(text.slice(2), [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
const has = (path) => `count(${path}[normalize-space()]) > 0`;
const numbered = (scheme) => `//cbc:EndpointID[@schemeID = '${scheme}'] | //cac:PartyIdentification/cbc:ID[@schemeID = '${scheme}'] | //cbc:CompanyID[@schemeID = '${scheme}']`;

export const RULES = [
  ['BR-01', '/*', has('cbc:CustomizationID')],
  ['BR-02', '/*', has('cbc:ID')],
  ['BR-03', '/*', has('cbc:IssueDate')],
  ['BR-04', '/*', 'cbc:InvoiceTypeCode or cbc:CreditNoteTypeCode'],
  ['BR-05', '/*', has('cbc:DocumentCurrencyCode')],
  ['BR-06', '/*', has(`${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`)],
  ['BR-07', '/*', has(`${BUYER}/cac:PartyLegalEntity/cbc:RegistrationName`)],
  ['BR-08', '/*', `${SELLER}/cac:PostalAddress`],
  ['BR-09', '/*', has(`${SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`)],
  ['BR-10', '/*', `${BUYER}/cac:PostalAddress`],
  ['BR-11', '/*', has(`${BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`)],
  ['BR-12', '/*', has(`${TOTAL}/cbc:LineExtensionAmount`)],
  ['BR-13', '/*', has(`${TOTAL}/cbc:TaxExclusiveAmount`)],
  ['BR-14', '/*', has(`${TOTAL}/cbc:TaxInclusiveAmount`)],
  ['BR-15', '/*', has(`${TOTAL}/cbc:PayableAmount`)],
  ['BR-16', '/*', 'cac:InvoiceLine or cac:CreditNoteLine'],
  ['BR-21', LINES, has('cbc:ID')],
  ['BR-22', LINES, 'cbc:InvoicedQuantity or cbc:CreditedQuantity'],
  ['BR-23', LINES, '*[self::cbc:InvoicedQuantity or self::cbc:CreditedQuantity]/@unitCode'],
  ['BR-24', LINES, has('cbc:LineExtensionAmount')],
  ['BR-25', LINES, has('cac:Item/cbc:Name')],
  ['BR-26', LINES, has('cac:Price/cbc:PriceAmount')],
  ['BR-27', '//cac:Price', 'cbc:PriceAmount >= 0'],
  ['BR-29', '//cac:InvoicePeriod', "translate(cbc:EndDate, '-', '') >= translate(cbc:StartDate, '-', '')"],
  ['BR-45', '//cac:TaxSubtotal', has('cbc:TaxableAmount')],
  ['BR-46', '//cac:TaxSubtotal', has('cbc:TaxAmount')],
  ['BR-47', '//cac:TaxSubtotal', has('cac:TaxCategory/cbc:ID')],
  ['BR-49', '//cac:PaymentMeans', has('cbc:PaymentMeansCode')],
  ['BR-55', '//cac:BillingReference', has('cac:InvoiceDocumentReference/cbc:ID')],
  ['BR-61', "//cac:PaymentMeans[cbc:PaymentMeansCode = '30' or cbc:PaymentMeansCode = '58']", has('cac:PayeeFinancialAccount/cbc:ID')],
  ['BR-62', '/*', `${SELLER}/cbc:EndpointID/@schemeID`],
  ['BR-63', '/*', `${BUYER}/cbc:EndpointID/@schemeID`],
  ['BR-CO-04', LINES, has('cac:Item/cac:ClassifiedTaxCategory[cac:TaxScheme/cbc:ID = "VAT"]/cbc:ID')],
  ['BR-CO-10', TOTAL, `${HUNDREDTHS('cbc:LineExtensionAmount')} = ${HUNDREDTHS('sum(../*[self::cac:InvoiceLine or self::cac:CreditNoteLine]/cbc:LineExtensionAmount)')}`],
  ['BR-CO-13', TOTAL, `${HUNDREDTHS('cbc:TaxExclusiveAmount')} = ${HUNDREDTHS('cbc:LineExtensionAmount')}`],
  ['BR-CO-14', '/*/cac:TaxTotal', `${HUNDREDTHS('cbc:TaxAmount')} = ${HUNDREDTHS('sum(cac:TaxSubtotal/cbc:TaxAmount)')}`],
  ['BR-CO-15', TOTAL, `${HUNDREDTHS('cbc:TaxInclusiveAmount')} = ${HUNDREDTHS('(cbc:TaxExclusiveAmount + ../cac:TaxTotal/cbc:TaxAmount)')}`],
  ['BR-CO-16', TOTAL, `${HUNDREDTHS('cbc:PayableAmount')} = ${HUNDREDTHS('cbc:TaxInclusiveAmount')}`],
  ['BR-CO-18', '/*', 'cac:TaxTotal/cac:TaxSubtotal'],
  ['BR-CO-19', '//cac:InvoicePeriod', 'cbc:StartDate or cbc:EndDate'],
  ['BR-CO-25', `/*[self::inv:Invoice][${TOTAL}/cbc:PayableAmount > 0]`, 'cbc:DueDate or cac:PaymentTerms/cbc:Note'],
  ['BR-CO-26', '/*', `${SELLER}/cac:PartyIdentification/cbc:ID or ${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`],
  ['BR-DEC', '//*[@currencyID]', "string-length(substring-after(., '.')) <= 2"],
  ['BR-O-01', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'O']", "count(cac:TaxTotal/cac:TaxSubtotal[cac:TaxCategory/cbc:ID = 'O']) = 1"],
  ['BR-O-02', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'O']", "not(.//cac:PartyTaxScheme[cac:TaxScheme/cbc:ID = 'VAT'])"],
  ['BR-O-05', "//cac:ClassifiedTaxCategory[cbc:ID = 'O']", 'not(cbc:Percent)'],
  ['BR-O-08', "//cac:TaxSubtotal[cac:TaxCategory/cbc:ID = 'O']", `${HUNDREDTHS('cbc:TaxableAmount')} = ${HUNDREDTHS("sum(/*/*[cac:Item/cac:ClassifiedTaxCategory/cbc:ID = 'O']/cbc:LineExtensionAmount)")}`],
  ['BR-O-09', "//cac:TaxSubtotal[cac:TaxCategory/cbc:ID = 'O']", 'cbc:TaxAmount = 0'],
  ['BR-O-10', "//cac:TaxSubtotal/cac:TaxCategory[cbc:ID = 'O']", 'cbc:TaxExemptionReason or cbc:TaxExemptionReasonCode'],
  ['BR-O-11', "/*[.//cac:TaxSubtotal/cac:TaxCategory/cbc:ID = 'O']", 'count(.//cac:TaxSubtotal) = 1'],
  ['BR-O-12', "/*[.//cac:TaxSubtotal/cac:TaxCategory/cbc:ID = 'O']", "not(.//cac:ClassifiedTaxCategory[cbc:ID != 'O'])"],
  ['BR-48', `(${CATEGORIES})[cbc:ID != 'O']`, 'cbc:Percent'],
  ['BR-S-01', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'S']", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory[cbc:ID = 'S']"],
  ['BR-S-02', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'S']", has(`${SELLER}/cac:PartyTaxScheme/cbc:CompanyID`)],
  ['BR-E-01', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'E']", "count(cac:TaxTotal/cac:TaxSubtotal[cac:TaxCategory/cbc:ID = 'E']) = 1"],
  ['BR-Z-01', "/*[.//cac:ClassifiedTaxCategory/cbc:ID = 'Z']", "count(cac:TaxTotal/cac:TaxSubtotal[cac:TaxCategory/cbc:ID = 'Z']) = 1"],
  ['PEPPOL-EN16931-R001', '/*', has('cbc:ProfileID')],
  ['PEPPOL-EN16931-R002', '/*', 'count(cbc:Note) <= 1'],
  ['PEPPOL-EN16931-R003', '/*', `${has('cbc:BuyerReference')} or cac:OrderReference/cbc:ID`],
  ['PEPPOL-EN16931-R004', '/*', "starts-with(cbc:CustomizationID, 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0')"],
  ['PEPPOL-EN16931-R007', '/*', (node, text) => /^urn:fdc:peppol\.eu:2017:poacc:billing:\d\d:1\.0$/.test(text('cbc:ProfileID'))],
  ['PEPPOL-EN16931-R008', '//*[not(*)]', 'normalize-space()'],
  ['PEPPOL-EN16931-R010', '/*', has(`${BUYER}/cbc:EndpointID`)],
  ['PEPPOL-EN16931-R020', '/*', has(`${SELLER}/cbc:EndpointID`)],
  ['PEPPOL-EN16931-R051', '//*[@currencyID]', '@currencyID = /*/cbc:DocumentCurrencyCode'],
  ['PEPPOL-EN16931-R053', '/*', 'count(cac:TaxTotal[cac:TaxSubtotal]) = 1'],
  ['PEPPOL-EN16931-R054', '/*', 'not(cac:TaxTotal[not(cac:TaxSubtotal)])'],
  ['PEPPOL-EN16931-R061', "//cac:PaymentMeans[cbc:PaymentMeansCode = '49' or cbc:PaymentMeansCode = '59']", 'cac:PaymentMandate/cbc:ID'],
  ['PEPPOL-EN16931-R080', '/*', "count(cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '50']) <= 1"],
  ['PEPPOL-EN16931-R100', LINES, 'count(cac:DocumentReference) <= 1'],
  ['PEPPOL-EN16931-R101', LINES, "not(cac:DocumentReference[not(cbc:DocumentTypeCode = '130')])"],
  ['PEPPOL-EN16931-R110', '/*/*/cac:InvoicePeriod', "translate(cbc:StartDate, '-', '') >= translate(/*/cac:InvoicePeriod/cbc:StartDate, '-', '')"],
  ['PEPPOL-EN16931-R111', '/*/*/cac:InvoicePeriod', "translate(cbc:EndDate, '-', '') <= translate(/*/cac:InvoicePeriod/cbc:EndDate, '-', '')"],
  ['PEPPOL-EN16931-R120', LINES, `${HUNDREDTHS('cbc:LineExtensionAmount')} = ${HUNDREDTHS('(*[self::cbc:InvoicedQuantity or self::cbc:CreditedQuantity] * cac:Price/cbc:PriceAmount)')}`],
  ['PEPPOL-EN16931-R121', '//cbc:BaseQuantity', '. > 0'],
  ['PEPPOL-EN16931-F001', '//cbc:IssueDate | //cbc:DueDate | //cbc:StartDate | //cbc:EndDate', (node) => /^\d{4}-\d{2}-\d{2}$/.test(node.textContent) && !Number.isNaN(Date.parse(node.textContent))],
  ['PEPPOL-EN16931-P0100', '/inv:Invoice', "contains(' 71 80 82 84 102 218 219 331 380 382 383 386 388 393 395 553 575 623 780 817 870 875 876 877 ', concat(' ', cbc:InvoiceTypeCode, ' '))"],
  ['PEPPOL-EN16931-P0101', '/cre:CreditNote', "contains(' 81 83 381 396 532 ', concat(' ', cbc:CreditNoteTypeCode, ' '))"],
  ['PEPPOL-EN16931-P0107', "//cac:TaxCategory[cbc:TaxExemptionReasonCode = 'VATEX-EU-O']", "cbc:ID = 'O'"],
  ['VATEX of O', "//cac:TaxCategory[cbc:ID = 'O']/cbc:TaxExemptionReasonCode", ". = 'VATEX-EU-O'"],
  ['PEPPOL-COMMON-R040', numbered('0088'), (node) => gln(node.textContent)],
  ['PEPPOL-COMMON-R041', numbered('0192'), (node) => organisation(node.textContent)],
  ['PEPPOL-COMMON-R042', numbered('0184'), (node) => company(node.textContent)],
  ['DK-R-002', `/*[${DANISH}]`, has(`${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`)],
  ['DK-R-005', `/*[${DANISH}]/cac:PaymentMeans`, "contains(' 1 10 31 42 48 49 50 58 59 93 97 ', concat(' ', cbc:PaymentMeansCode, ' '))"],
  ['DK-R-006', `/*[${DANISH}]/cac:PaymentMeans[cbc:PaymentMeansCode = '31' or cbc:PaymentMeansCode = '42']`, 'cac:PayeeFinancialAccount/cbc:ID and cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID'],
  ['DK-R-013', `/*[${DANISH}]//cac:PartyIdentification/cbc:ID`, 'normalize-space(@schemeID)'],
  ['DK-R-014', `/*[${DANISH}]`, `${SELLER}/cac:PartyLegalEntity/cbc:CompanyID/@schemeID = '0184'`],
  ['DK-R-016', `/cre:CreditNote[${DANISH}]`, `${TOTAL}/cbc:PayableAmount >= 0`],
  ['NO-R-001', `/*[${NORWEGIAN}]//cac:AccountingSupplierParty//cac:PartyTaxScheme[cac:TaxScheme/cbc:ID = 'VAT']/cbc:CompanyID`, (node) => /^NO\d{9}MVA$/.test(node.textContent) && organisation(node.textContent.slice(2, 11))],
];
// NO-R-002 (a warning) wants the word Foretaksregisteret of limited companies; a municipality is none.

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

export class Rules {
  constructor(require) {
    const xpath = require('xpath');
    const names = { cac: 'CommonAggregateComponents-2', cbc: 'CommonBasicComponents-2', inv: 'Invoice-2', cre: 'CreditNote-2' };
    this.select = xpath.useNamespaces(Object.fromEntries(Object.entries(names).map(([prefix, name]) => [prefix, NAMESPACE + name])));
    this.applied = new Set();
  }

  problems(root) {
    const found = [];
    for (const [id, where, test] of RULES)
      for (const node of this.select(where, root)) {
        this.applied.add(id);
        const good = typeof test === 'string' ? this.select(`boolean(${test})`, node) : test(node, (path) => this.select(`string(${path})`, node));
        if (!good) found.push(`${id} at ${node.nodeName}: ${node.textContent.trim().slice(0, 60)}`);
      }
    return found;
  }
}
