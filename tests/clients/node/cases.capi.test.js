"use strict";

const { playCases } = require("./cases");
const { useClientEmulator } = require("./client-emulator");
const { playConnections } = require("./connections");
const sdk = require("./sdks/capi");
const { TRANSPORTS } = require("./sdks/common");

const emulator = useClientEmulator();
playCases(sdk, TRANSPORTS, emulator);
playConnections(sdk, emulator);
