"""The account that is measured: its document, and the ids of what is in it."""

import json

UIN = "100000000001"
SECRET_ID = "AKIDbenchEXAMPLE"
SECRET_KEY = "benchkeyEXAMPLE"
CASH = 10**15  # cents; the most that a document may say
SAME_NAME = 10  # instances that share a name


def instance_id(number):
    return f"ins-{10_000_000 + number}"


def instance_name(number):
    return f"group-{number // SAME_NAME:07}"


def instance(number):
    # The days leave the first year without an event, so that a call never has to let time catch up.
    return {"InstanceId": instance_id(number), "InstanceName": instance_name(number),
            "Placement": {"Zone": "ap-guangzhou-3"}, "ExpiredTime": f"+P{400 + number % 28}D"}


def renewing_instance(number):
    return {"InstanceId": instance_id(number), "Placement": {"Zone": "ap-guangzhou-3"},
            "ExpiredTime": f"+P{1 + number % 28}D", "RenewFlag": "NOTIFY_AND_AUTO_RENEW"}


def write_document(path, instances, make=instance, clock=None):
    """Writes a document of state with one account. One million instances are written as they are made."""
    account = {"Uin": UIN, "Default": True, "Balance": {"Cash": CASH},
               "Credentials": [{"SecretId": SECRET_ID, "SecretKey": SECRET_KEY}]}
    if clock:
        account["Clock"] = clock
    text = json.dumps({"format_version": 1, "accounts": [account]})
    assert text.endswith("}]}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:-3] + ', "Instances": [')
        for number in range(instances):
            file.write((",\n" if number else "\n") + json.dumps(make(number)))
        file.write("\n]}]}\n")
    return path
