"use strict";

const { playCases } = require("./cases");
const { useClientEmulator, useProxyVariable } = require("./client-emulator");

const emulator = useClientEmulator();
useProxyVariable(emulator);
playCases(require("./sdks/international"), ["http proxy", "https proxy"], emulator);
