// Print the first and last names of every country in @faker-js/faker as JSON: node names_faker.mjs PATH_OF_INDEX_JS
import { pathToFileURL } from "node:url";

const { allLocales } = await import(pathToFileURL(process.argv[2]).href);
const namesIn = (value) =>
  typeof value === "string" ? [value] : value ? Object.values(value).flatMap(namesIn) : [];
const lists = {};
for (const [locale, { person }] of Object.entries(allLocales)) {
  const first = [...new Set(namesIn(person?.first_name))];
  const last = [...new Set(namesIn(person?.last_name))];
  if (first.length || last.length) lists[locale] = { first, last };
}
console.log(JSON.stringify(lists));
