"use strict";
// What the clients have in common. Each client is a module of its own, so that a test loads the one that it is about: old
// dependencies of the international SDK change `https` for the whole process.
//
// A client has a `name`, its `dialects` (ways to sign and send), what is `excepted`, and `connect(settings)`, which gives a
// function (service, action, params). That resolves to the members of Response, or rejects with an error that has the API's
// `code` and `message`. Settings: account, dialect, transport, and if need be language, secretKey, agent, timeout (seconds).

const { region: REGION, versions: VERSIONS } = require("../../cases.json");

const TRANSPORTS = ["http", "https", "http proxy", "https proxy"];
const DIALECTS = ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"].flatMap((signMethod) =>
  ["POST", "GET"].map((reqMethod) => ({ name: `${signMethod} ${reqMethod}`, signMethod, reqMethod })),
);

const nameOf = (name) => `${name} ${require(`${name}/package.json`).version}`;
const credentialOf = ({ account, secretKey }) => ({ ...account.credential, ...(secretKey && { secretKey }) });
const protocolOf = (transport) => (transport.startsWith("https") ? "https" : "http");
const isProxied = (transport) => transport.endsWith("proxy");

// The class of a service in an SDK that has all of them.
const classesOf = (sdk, service) => sdk[service][`v${VERSIONS[service].replaceAll("-", "")}`];

// The configuration that the Chinese packages have in common.
function chinaConfig(settings) {
  const { account, dialect, transport, language, agent, timeout = 60 } = settings;
  return {
    credential: credentialOf(settings),
    region: REGION,
    profile: {
      signMethod: dialect.signMethod,
      language,
      httpProfile: {
        protocol: `${protocolOf(transport)}://`,
        reqMethod: dialect.reqMethod,
        reqTimeout: timeout,
        agent,
        ...(isProxied(transport) ? { proxy: account.url } : { endpoint: account.endpoint }),
      },
    },
  };
}

// An exception names what a client cannot do, and why; that is not a test then. Those with `messages` are played, without
// comparing texts in these languages.
const concerns = (exception, dialect, transport) =>
  [undefined, dialect.name].includes(exception.dialect) && [undefined, transport].includes(exception.transport);

const canPlay = (sdk, dialect, transport) =>
  !sdk.excepted.some((exception) => !exception.messages && concerns(exception, dialect, transport));

const comparesMessage = (sdk, dialect, transport, language) =>
  !sdk.excepted.some((exception) => exception.messages?.includes(language) && concerns(exception, dialect, transport));

module.exports = {
  DIALECTS,
  REGION,
  TRANSPORTS,
  VERSIONS,
  canPlay,
  chinaConfig,
  classesOf,
  comparesMessage,
  credentialOf,
  isProxied,
  nameOf,
  protocolOf,
};
