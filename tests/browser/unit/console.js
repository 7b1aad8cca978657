"use strict";
// The modules of the console, for their unit tests.

const { readFileSync, readdirSync } = require("node:fs");
const path = require("node:path");

const FOLDER = path.join(__dirname, "../../../server/control/console");

// A module by its name: load("format").
const load = (name) => import(path.join(FOLDER, `${name}.js`));

// The text of each file that is served, by its name.
const sources = () =>
  new Map(
    readdirSync(FOLDER)
      .filter((file) => file !== "package.json")
      .map((file) => [file, readFileSync(path.join(FOLDER, file), "utf8")]),
  );

module.exports = { load, sources };
