// All words of the page, in English and Chinese, from words_*.js. t(key, ...values) returns the text in the current
// language.

import { callWords } from "./words_calls.js";
import { screenWords } from "./words_screens.js";

export const words = { ...screenWords, ...callWords };

const LANGUAGES = ["en", "zh"];
const KEPT = "cvm-console-language";

let current = "en";

export const language = () => current;

// The language that was chosen before, else that of the browser.
export function chooseLanguage() {
  const kept = localStorage.getItem(KEPT);
  current = LANGUAGES.includes(kept) ? kept : navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function setLanguage(next) {
  current = next;
  localStorage.setItem(KEPT, next);
}

// {0}, {1} are replaced by the values.
export function t(key, ...values) {
  const text = words[key]?.[LANGUAGES.indexOf(current)];
  if (text === undefined) throw new Error(`there is no word ${key}`);
  return text.replace(/\{(\d)\}/g, (_, i) => values[i]);
}
