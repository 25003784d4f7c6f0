/**
 * Answers that a server itself keeps in shape: regular expressions and JSON schemas of contracts.
 *
 * Only where the contract is a form to fill in: `geo-r` lines and `json` objects. Free reasoning is
 * left free, and read with repairs.
 * @module
 */
import type { AnswerContract, PromptCondition } from '../../chain/index.ts';

/** How servers take a form: a regular expression of vLLM or SGLang, or OpenAI's JSON schema. */
export type StructuredDialect = 'vllm' | 'sglang' | 'json-schema';

/** A name in an answer: no line breaks or brackets, not too long. */
const NAME = '[^\\n(){}<>]{1,80}';
const PAIR = '\\(-?[0-9]{1,2}\\.[0-9]{1,6}, -?[0-9]{1,3}\\.[0-9]{1,6}\\)';

const REGULAR_EXPRESSIONS: Partial<Record<PromptCondition, string>> = {
  direct: PAIR,
  cor: `Country: ${NAME}\\n(State: ${NAME}\\n)?(City: ${NAME}\\n)?Coordinates: ${PAIR}`,
};

const degrees = (limit: number) => ({ type: 'number', minimum: -limit, maximum: limit });
const name = { type: 'string', maxLength: 80 };

const JSON_SCHEMAS: Partial<Record<PromptCondition, object>> = {
  direct: {
    type: 'object',
    properties: { lat: degrees(90), lon: degrees(180) },
    required: ['lat', 'lon'],
    additionalProperties: false,
  },
  cor: {
    type: 'object',
    properties: { country: name, region: name, city: name, lat: degrees(90), lon: degrees(180) },
    required: ['country', 'lat', 'lon'],
    additionalProperties: false,
  },
};

/** Servers by what `owned_by` says in their list of models, and what they understand. */
const DIALECTS: Readonly<Record<string, StructuredDialect>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  llamacpp: 'json-schema',
  library: 'json-schema', // Ollama
  openai: 'json-schema',
};

/** What a server understands; `undefined` when it is not known to understand any. */
export const dialectOf = (ownedBy: string | undefined): StructuredDialect | undefined =>
  DIALECTS[(ownedBy ?? '').toLowerCase()];

/** Fields of a request that keep its answer in shape; none where contract or server have no way. */
export function structuredFields(
  dialect: StructuredDialect | undefined,
  { contract, condition }: { contract: AnswerContract; condition: PromptCondition },
): Readonly<Record<string, unknown>> {
  if (dialect === undefined) return {};
  if (contract === 'json') {
    const schema = JSON_SCHEMAS[condition];
    if (!schema) return {};
    const json_schema = { name: 'location', strict: true, schema };
    return { response_format: { type: 'json_schema', json_schema } };
  }
  const regex = contract === 'geo-r' ? REGULAR_EXPRESSIONS[condition] : undefined;
  if (regex === undefined || dialect === 'json-schema') return {};
  return dialect === 'vllm' ? { structured_outputs: { regex } } : { regex };
}
