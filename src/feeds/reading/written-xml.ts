import type { XmlNames } from './xml-names.js';

const MAX_ATTRIBUTES = 50;
const NAME = /^[a-z][\w.:-]*$/i;

export type Attributes = Readonly<Record<string, string>>;

export function isXmlName(name: string): boolean {
  return NAME.test(name);
}

export function openTag(names: XmlNames, name: string, attributes: Attributes): string {
  const written = new Map(
    Object.entries(attributes)
      .slice(0, MAX_ATTRIBUTES)
      .filter(([attribute]) => isXmlName(attribute))
      .map(([attribute, value]) => [names.of(attribute), value]),
  );
  const pairs = [...written].map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`);
  return `<${name}${pairs.join('')}>`;
}

/** Strict readers take a section literally many times faster than they undo escapes. */
export function literal(text: string): string {
  return /[&<>]/.test(text) ? `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : text;
}

function escaped(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
