"""The calls that are measured: what they ask for, signed as a client signs, and what their answers must be."""

import collections
import datetime
import hashlib
import hmac
import json
import time

import accounts

POOL = 200  # different requests of a call
HOST = "127.0.0.1"

# A call of the API. `parameters(number, instances)` makes those of the request `number` in an account of so many
# instances; `code` is the outcome that every answer must have. Without an action it is GET /health.
Call = collections.namedtuple("Call", "name action parameters code key", defaults=["OK", accounts.SECRET_KEY])


def two_ids(number, instances):
    # Far from each other, and from those of the next request.
    first = number * 7919 % instances
    return [accounts.instance_id(first), accounts.instance_id((first + instances // 2) % instances)]


def hundred_ids(number, instances):
    first = number * 100 % (instances // 100 * 100)
    return [accounts.instance_id(first + i) for i in range(100)]


def by_ids(number, instances):
    return {"InstanceIds": two_ids(number, instances)}


def page(number, instances):
    pages = max(1, instances // 100)
    return {"Limit": 100, "Offset": number * 7 % pages * 100}


def filtered(number, instances):
    name = accounts.instance_name(number * 7919 % instances)
    return {"Filters": [{"Name": "instance-name", "Values": [name]}]}


def changed_flag(number, instances):
    # The second half of the pool names the same instances as the first, so that every call changes their flags.
    flag = "NOTIFY_AND_MANUAL_RENEW" if number < POOL // 2 else "DISABLE_NOTIFY_AND_MANUAL_RENEW"
    return {"InstanceIds": two_ids(number % (POOL // 2), instances), "RenewFlag": flag}


def month(ids):
    return {"InstanceIds": ids, "InstanceChargePrepaid": {"Period": 1}}


DESCRIBE = Call("DescribeInstances, 2 by id", "DescribeInstances", by_ids)
PAGE = Call("DescribeInstances, page of 100", "DescribeInstances", page)
FILTERED = Call("DescribeInstances, filter that 10 pass", "DescribeInstances", filtered)
MODIFY = Call("ModifyInstancesRenewFlag, 2 ids", "ModifyInstancesRenewFlag", changed_flag)
RENEW = Call("RenewInstances, 1 id", "RenewInstances", lambda number, instances: month(two_ids(number, instances)[:1]))
RENEW_MANY = Call("RenewInstances, 100 ids", "RenewInstances",
                  lambda number, instances: month(hundred_ids(number, instances)))
REFUSED = Call("DescribeInstances, signed with a wrong key", "DescribeInstances", by_ids,
               "AuthFailure.SignatureFailure", "wrong" + accounts.SECRET_KEY)
HEALTH = Call("GET /health", None, None)

ALL = [DESCRIBE, PAGE, FILTERED, MODIFY, RENEW, RENEW_MANY, REFUSED, HEALTH]


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256)


def signed(action, parameters, key, port, now):
    """A request with a TC3 signature, as bytes."""
    host, kind, body = f"{HOST}:{port}", "application/json", json.dumps(parameters)
    date = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%d")
    scope = f"{date}/cvm/tc3_request"
    canonical = "\n".join(["POST", "/", "", f"content-type:{kind}", f"host:{host}", "", "content-type;host",
                           hashlib.sha256(body.encode()).hexdigest()])
    to_sign = "\n".join(["TC3-HMAC-SHA256", str(now), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    derived = ("TC3" + key).encode()
    for part in (date, "cvm", "tc3_request"):
        derived = hmac_sha256(derived, part).digest()
    signature = hmac_sha256(derived, to_sign).hexdigest()
    lines = ["POST / HTTP/1.1", f"Host: {host}", f"Content-Type: {kind}", f"Content-Length: {len(body)}",
             f"X-TC-Action: {action}", "X-TC-Version: 2017-03-12", "X-TC-Region: ap-guangzhou",
             f"X-TC-Timestamp: {now}",
             f"Authorization: TC3-HMAC-SHA256 Credential={accounts.SECRET_ID}/{scope}, "
             f"SignedHeaders=content-type;host, Signature={signature}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def requests(call, instances, port):
    """The requests of a call, signed now; the server takes them for five minutes."""
    if call.action is None:
        return [f"GET /health HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode()]
    now = int(time.time())
    return [signed(call.action, call.parameters(number, instances), call.key, port, now) for number in range(POOL)]


def outcome(body):
    """The code of an answer of the API; OK if it is none of an error."""
    return json.loads(body)["Response"].get("Error", {"Code": "OK"})["Code"]
