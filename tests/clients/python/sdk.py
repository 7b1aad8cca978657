"""The clients of the official SDK behind one form: an object that makes calls and raises Refused.

The SDK is tencentcloud-sdk-python-<service>, or tencentcloud-sdk-python-intl-en where that is first among the packages: both are
the package `tencentcloud`, so that one run of the tests knows one of them.
"""

import asyncio
import contextlib
import importlib
import importlib.metadata
import json

import cases
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.common_client_async import CommonClient as AsyncCommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

INTERNATIONAL = HttpProfile().rootDomain.startswith("intl.")
DISTRIBUTION = "tencentcloud-sdk-python-intl-en" if INTERNATIONAL else "tencentcloud-sdk-python-common"
NAME = DISTRIBUTION.removesuffix("-common")
VERSION = importlib.metadata.version(DISTRIBUTION)

API_VERSIONS = cases.load("cases.json")["versions"]
REGION = cases.load("cases.json")["region"]
WAYS = [cases.Way(signature, method, transport)
        for transport in cases.TRANSPORTS for signature in cases.SIGNATURES for method in cases.METHODS]


def service_module(service, name):
    return importlib.import_module(f"tencentcloud.{service}.v{API_VERSIONS[service].replace('-', '')}.{name}")


def client_class(service, suffix=""):
    return getattr(service_module(service, f"{service}_client{suffix}"), f"{service.capitalize()}Client")


def request(service, action, params):
    """The SDK's own model of a request."""
    model = getattr(service_module(service, "models"), f"{action}Request")()
    model.from_json_string(json.dumps(params))
    return model


class Client:
    """The synchronous clients of the services: one of each, made when it is needed."""

    label = f"{NAME} {VERSION}"

    def __init__(self, account, way=WAYS[0], ca=None, *, language=None, secret_key=None, token=True, **profile):
        self.credential = Credential(account.secret_id, secret_key or account.secret_key, account.token if token else None)
        http = self.http_profile(account, way.transport, ca)
        http.reqMethod = way.method
        if language:
            profile["language"] = language
        self.profile = ClientProfile(signMethod=way.signature, httpProfile=http, **profile)
        self._services = {}

    def http_profile(self, account, transport, ca):
        return {
            "http": lambda: HttpProfile(protocol="http", endpoint=account.endpoint),
            "https": lambda: HttpProfile(endpoint=account.endpoint, certification=ca),
            "http proxy": lambda: HttpProfile(protocol="http", proxy=account.url),
            "https proxy": lambda: HttpProfile(proxy=account.url, certification=ca),
        }[transport]()

    @staticmethod
    def environment(account, transport, ca):
        """Variables that the client needs for a transport."""
        return {}

    def service(self, service):
        if service not in self._services:
            self._services[service] = self.make(service)
        return self._services[service]

    def make(self, service):
        return client_class(service)(self.credential, REGION, self.profile)

    def __call__(self, step):
        try:
            return self.call(step["service"], step["action"], step["params"])
        except TencentCloudSDKException as error:
            raise cases.Refused(error.get_code(), error.get_message()) from error

    def call(self, service, action, params):
        """As a program calls the SDK: the errors are the SDK's own."""
        response = getattr(self.service(service), action)(request(service, action, params))
        return json.loads(response.to_json_string())

    def close(self):
        pass


class GenericClient(Client):
    """CommonClient, which knows no service and no parameter."""

    label = f"{NAME} CommonClient {VERSION}"

    def make(self, service):
        return CommonClient(service, API_VERSIONS[service], self.credential, REGION, self.profile)

    def call(self, service, action, params):
        return self.service(service).call_json(action, params)["Response"]


class AsyncClient(Client):
    """The clients of the services for asyncio, in an event loop that lasts as long as they do."""

    label = f"{NAME} async {VERSION}"

    def __init__(self, *settings, **more):
        super().__init__(*settings, **more)
        self.runner = asyncio.Runner()

    def http_profile(self, account, transport, ca):
        # certification= would be taken for a certificate of the client, and proxy= is an argument that httpx no longer knows.
        return HttpProfile(protocol=transport.split()[0], endpoint=None if transport.endswith("proxy") else account.endpoint)

    @staticmethod
    def environment(account, transport, ca):
        return {
            "http": {},
            "https": {"SSL_CERT_FILE": ca},
            "http proxy": {"HTTP_PROXY": account.url},
            "https proxy": {"HTTPS_PROXY": account.url, "SSL_CERT_FILE": ca},
        }[transport]

    def make(self, service):
        return client_class(service, "_async")(self.credential, REGION, self.profile)

    def call(self, service, action, params):
        return self.runner.run(self.call_soon(service, action, params))

    async def call_soon(self, service, action, params):
        response = await getattr(self.service(service), action)(request(service, action, params))
        return json.loads(response.to_json_string())

    def close(self):
        with self.runner:
            self.runner.run(self._close_all())

    async def _close_all(self):
        for client in self._services.values():
            await client.close()


class AsyncGenericClient(AsyncClient):
    """The CommonClient for asyncio."""

    label = f"{NAME} async CommonClient {VERSION}"

    def make(self, service):
        return AsyncCommonClient(service, API_VERSIONS[service], self.credential, REGION, self.profile)

    async def call_soon(self, service, action, params):
        return (await self.service(service).call_and_deserialize(action, params))["Response"]


# The CommonClient of the international SDK is the same code, byte for byte.
CLIENTS = [Client, AsyncClient] if INTERNATIONAL else [Client, GenericClient, AsyncClient, AsyncGenericClient]


@contextlib.contextmanager
def clients(kind, account, *settings):
    """A function that makes clients of an account; they are closed at the end."""
    with contextlib.ExitStack() as stack:
        def make(**more):
            client = kind(account, *settings, **more)
            stack.callback(client.close)
            return client
        yield make
