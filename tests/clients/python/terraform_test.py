#!/usr/bin/env python3
"""The calls of Terraform's provider tencentcloudstack/tencentcloud 1.83.25, in its order and form, through the official
Python SDK: create, refresh, change, import and destroy. CVM_EMULATOR_BINARY names the server's binary.

The calls were seen with Terraform 1.11.4; the provider itself is in no package registry. What it reads after each step it
calls a refresh.
"""

import base64
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

import plain_result
from tencentcloud.cbs.v20170312 import cbs_client, models as cbs_models
from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models as cvm_models
from tencentcloud.tag.v20180813 import models as tag_models, tag_client
from tencentcloud.vpc.v20170312 import models as vpc_models, vpc_client

BINARY = os.environ["CVM_EMULATOR_BINARY"]
PATIENCE = 60  # seconds
REGION, ZONE = "ap-guangzhou", "ap-guangzhou-3"
UIN = "100000000001"
KEY = {"SecretId": "AKIDterraformEXAMPLE", "SecretKey": "terraformkeyEXAMPLE"}
DISK = "disk-imported"
FIXTURE = {
    "format_version": 1,
    "accounts": [{
        "Uin": UIN,
        "Credentials": [KEY],
        "Balance": {"Cash": 10000000},
        "Disks": [{
            "DiskId": DISK,
            "DiskType": "CLOUD_PREMIUM",
            "DiskSize": 50,
            "DiskName": "made elsewhere",
            "Portable": True,
            "Placement": {"Zone": ZONE},
            "RenewFlag": "NOTIFY_AND_MANUAL_RENEW",
            "DeadlineTime": "+P20D",
            "Tags": [{"Key": "team", "Value": "storage"}],
        }],
    }],
}
NETWORK = {"VpcId": "vpc-aaaaaaaa", "SubnetId": "subnet-aaaaaaaa"}
USER_DATA = base64.b64encode(b"#!/bin/sh\n").decode()

CLIENTS = {
    "cvm": (cvm_client.CvmClient, cvm_models),
    "cbs": (cbs_client.CbsClient, cbs_models),
    "tag": (tag_client.TagClient, tag_models),
    "vpc": (vpc_client.VpcClient, vpc_models),
}


def resource(kind, resource_id):
    """As the provider names it: nothing stands after uin/."""
    return f"qcs::cvm:{REGION}:uin/:{kind}/{resource_id}"


def next_month(time):
    """The same time of day a calendar month later; the last day of a shorter one."""
    begin = datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))
    year, month = begin.year + begin.month // 12, begin.month % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return begin.replace(year=year, month=month, day=min(begin.day, last)).isoformat().replace("+00:00", "Z")


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        fixture = pathlib.Path(folder.name) / "fixture.json"
        fixture.write_text(json.dumps(FIXTURE))
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy") and not name.startswith("CVM_EMULATOR_")}
        log = open(pathlib.Path(folder.name) / "log", "w+", encoding="utf-8")
        cls.addClassCleanup(log.close)
        server = subprocess.Popen([BINARY, "--port", "0", "--tls", "off", "--fixtures", fixture], stdout=subprocess.PIPE,
                                  stderr=log, text=True, env=environment)
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait, PATIENCE)
        cls.addClassCleanup(server.terminate)
        ready = server.stdout.readline().split()
        if len(ready) != 2:
            log.seek(0)
            raise AssertionError(f"the server did not start: {log.read()}")
        cls.address = ready[1]

    def setUp(self):
        self.control("POST", "reset")
        self.control("POST", "clock", {"frozen": True})  # so that two plans read the same days until the expiry
        endpoint = self.address.removeprefix("http://")
        self.settings = (credential.Credential(KEY["SecretId"], KEY["SecretKey"]), REGION,
                         ClientProfile(language="en-US",
                                       httpProfile=HttpProfile(protocol="http", endpoint=endpoint, reqTimeout=PATIENCE)))
        self.clients = {service: client(*self.settings) for service, (client, _) in CLIENTS.items()}

    def tearDown(self):
        self.assertTrue(self.control("GET", "invariants")["ok"])

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/_emulator/{path}", data, method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def call(self, service, action, **parameters):
        """Through the SDK's own method and models, which refuse what they do not know."""
        request = getattr(CLIENTS[service][1], f"{action}Request")()
        request.from_json_string(json.dumps(parameters))
        return getattr(self.clients[service], action)(request)

    def common(self, service, version, action, parameters):
        """Of services without a client in the packages of this test."""
        return CommonClient(service, version, *self.settings).call_json(action, parameters)["Response"]

    # --- what the provider does ---

    def instances(self, instance_id):
        return self.call("cvm", "DescribeInstances", InstanceIds=[instance_id]).InstanceSet

    def tags(self, kind, resource_id):
        page = self.call("tag", "DescribeResourceTagsByResourceIds", ServiceType="cvm", ResourcePrefix=kind,
                         ResourceIds=[resource_id], ResourceRegion=REGION, Offset=0, Limit=20)
        return {tag.TagKey: tag.TagValue for tag in page.Tags}

    def refresh(self, instance_id):
        """Reads an instance with all that belongs to it: the instance, its tags, its disks and its user data."""
        [instance] = self.instances(instance_id)
        images = self.call("cvm", "DescribeImages").ImageSet
        self.assertIn(instance.ImageId, [image.ImageId for image in images])
        tags = self.tags("instance", instance_id)
        # The provider ends in a panic over a null here.
        for disk in instance.DataDisks:
            self.assertEqual(disk.ThroughputPerformance, 0)
        ids = [disk.DiskId for disk in [instance.SystemDisk, *instance.DataDisks] if disk.DiskId.startswith("disk-")]
        disks = self.call("cbs", "DescribeDisks", DiskIds=ids).DiskSet
        self.assertEqual(sorted(disk.DiskId for disk in disks), sorted(ids))
        [attributes] = self.call("cvm", "DescribeInstancesAttributes", InstanceIds=[instance_id],
                                 Attributes=["UserData"]).InstanceSet
        return instance, tags, disks, attributes.Attributes.UserData

    def create(self, charge_type, **more):
        created = self.call(
            "cvm", "RunInstances", InstanceChargeType=charge_type, Placement={"Zone": ZONE, "ProjectId": 0},
            ImageId="img-eb30mz89", InstanceType="S5.MEDIUM4", InstanceName="made by terraform", InstanceCount=1,
            SystemDisk={"DiskType": "CLOUD_PREMIUM", "DiskSize": 50},
            DataDisks=[{"DiskType": "CLOUD_PREMIUM", "DiskSize": 100, "DeleteWithInstance": True}],
            VirtualPrivateCloud=NETWORK, SecurityGroupIds=["sg-aaaaaaaa"], LoginSettings={"Password": "Terraform-1"},
            InternetAccessible={"InternetMaxBandwidthOut": 1, "PublicIpAssigned": True}, UserData=USER_DATA,
            EnhancedService={"SecurityService": {"Enabled": True}, "MonitorService": {"Enabled": True}},
            TagSpecification=[{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "web"}]}],
            DisableApiTermination=False, **more)
        [instance_id] = created.InstanceIdSet
        [instance] = self.instances(instance_id)  # until it runs
        self.assertEqual(instance.InstanceState, "RUNNING")
        return instance_id

    def create_prepaid(self):
        return self.create("PREPAID", InstanceChargePrepaid={"Period": 1, "RenewFlag": "NOTIFY_AND_MANUAL_RENEW"})

    def assert_addresses_free(self, addresses):
        used = self.call("vpc", "DescribeUsedIpAddress", **NETWORK, IpAddresses=addresses, Offset=0, Limit=100)
        self.assertEqual((used.TotalCount, used.IpAddressStates), (0, []))

    # --- the steps ---

    def test_create_prepaid_with_a_data_disk(self):
        instance, tags, disks, user_data = self.refresh(self.create_prepaid())
        self.assertEqual((instance.InstanceName, instance.InstanceChargeType), ("made by terraform", "PREPAID"))
        self.assertEqual((instance.RenewFlag, instance.ExpiredTime),
                         ("NOTIFY_AND_MANUAL_RENEW", next_month(instance.CreatedTime)))
        self.assertEqual((tags, user_data), ({"team": "web"}, USER_DATA))
        self.assertEqual([(disk.DiskUsage, disk.DiskSize, disk.DiskChargeType, disk.DiskState) for disk in
                          sorted(disks, key=lambda disk: disk.DiskSize)],
                         [("SYSTEM_DISK", 50, "PREPAID", "ATTACHED"), ("DATA_DISK", 100, "PREPAID", "ATTACHED")])

    def test_a_second_refresh_shows_the_same(self):
        instance_id = self.create_prepaid()
        first, second = ([str(part) for part in self.refresh(instance_id)] for _ in range(2))
        self.assertEqual(first, second)

    def test_renew_flag_and_name_of_a_prepaid_instance(self):
        instance_id = self.create_prepaid()
        self.call("cvm", "ModifyInstancesRenewFlag", InstanceIds=[instance_id], RenewFlag="NOTIFY_AND_AUTO_RENEW")
        instance, *_ = self.refresh(instance_id)
        self.assertEqual(instance.RenewFlag, "NOTIFY_AND_AUTO_RENEW")
        self.assertIn(instance.LatestOperationState, ("SUCCESS", None))  # or it would go on asking

        self.call("cvm", "ModifyInstancesAttribute", InstanceIds=[instance_id], InstanceName="renamed")
        instance, *_ = self.refresh(instance_id)
        self.assertEqual((instance.InstanceName, instance.RenewFlag), ("renamed", "NOTIFY_AND_AUTO_RENEW"))

    def test_renew_an_instance(self):
        instance_id = self.create_prepaid()
        before, *_ = self.refresh(instance_id)
        self.call("cvm", "RenewInstances", InstanceIds=[instance_id],
                  InstanceChargePrepaid={"Period": 1, "RenewFlag": "NOTIFY_AND_MANUAL_RENEW"})
        after, *_ = self.refresh(instance_id)
        self.assertGreater(after.ExpiredTime, before.ExpiredTime)

    def test_tags_of_an_instance(self):
        instance_id = self.create_prepaid()
        self.call("tag", "ModifyResourceTags", Resource=resource("instance", instance_id),
                  ReplaceTags=[{"TagKey": "stage", "TagValue": "test"}], DeleteTags=[{"TagKey": "team"}])
        instance, tags, *_ = self.refresh(instance_id)
        self.assertEqual(tags, {"stage": "test"})
        self.assertEqual([(tag.Key, tag.Value) for tag in instance.Tags], [("stage", "test")])
        filters = [{"Name": "tag:stage", "Values": ["test"]}]
        self.assertEqual(self.call("cvm", "DescribeInstances", Filters=filters).TotalCount, 1)

    def test_destroy_prepaid_leads_to_the_recycle_bin(self):
        instance_id = self.create_prepaid()
        self.call("cvm", "TerminateInstances", InstanceIds=[instance_id])
        [instance] = self.instances(instance_id)
        self.assertEqual(instance.InstanceState, "SHUTDOWN")

    def test_destroy_prepaid_with_force_delete(self):
        instance_id = self.create_prepaid()
        [instance] = self.instances(instance_id)
        for _ in range(2):  # to the recycle bin, and out of it
            self.call("cvm", "TerminateInstances", InstanceIds=[instance_id])
        self.assertEqual(self.instances(instance_id), [])
        self.assert_addresses_free(instance.PrivateIpAddresses)

    def test_create_hourly_with_a_data_disk(self):
        instance, tags, disks, _ = self.refresh(self.create("POSTPAID_BY_HOUR"))
        self.assertEqual((instance.InstanceChargeType, instance.RenewFlag, instance.ExpiredTime),
                         ("POSTPAID_BY_HOUR", None, None))
        self.assertEqual((tags, len(disks)), ({"team": "web"}, 2))
        self.assertEqual({disk.DiskChargeType for disk in disks}, {"POSTPAID_BY_HOUR"})
        used = self.call("vpc", "DescribeUsedIpAddress", **NETWORK, IpAddresses=instance.PrivateIpAddresses)
        self.assertEqual([state.ResourceId for state in used.IpAddressStates], [instance.InstanceId])

    def test_charge_type_there_and_back(self):
        instance_id = self.create("POSTPAID_BY_HOUR")
        self.call("cvm", "ModifyInstancesChargeType", InstanceIds=[instance_id], InstanceChargeType="PREPAID",
                  InstanceChargePrepaid={"Period": 1, "RenewFlag": "NOTIFY_AND_MANUAL_RENEW"})
        instance, _, disks, _ = self.refresh(instance_id)
        self.assertEqual((instance.InstanceChargeType, instance.RenewFlag), ("PREPAID", "NOTIFY_AND_MANUAL_RENEW"))
        self.assertEqual({disk.DiskChargeType for disk in disks}, {"PREPAID"})

        self.call("cvm", "ModifyInstancesChargeType", InstanceIds=[instance_id], InstanceChargeType="POSTPAID_BY_HOUR")
        instance, *_ = self.refresh(instance_id)
        self.assertEqual((instance.InstanceChargeType, instance.ExpiredTime), ("POSTPAID_BY_HOUR", None))

    def test_destroy_hourly(self):
        instance_id = self.create("POSTPAID_BY_HOUR")
        [instance] = self.instances(instance_id)
        self.call("cvm", "TerminateInstances", InstanceIds=[instance_id])
        self.assertEqual(self.instances(instance_id), [])
        self.assert_addresses_free(instance.PrivateIpAddresses)
        disks = [disk.DiskId for disk in [instance.SystemDisk, *instance.DataDisks]]
        self.assertEqual(self.call("cbs", "DescribeDisks", DiskIds=disks).TotalCount, 0)

    def disk(self, disk_id):
        [disk] = self.call("cbs", "DescribeDisks", DiskIds=[disk_id]).DiskSet
        return disk

    def test_import_of_a_disk(self):
        disk = self.disk(DISK)
        self.assertEqual((disk.DiskName, disk.DiskChargeType, disk.DiskState, disk.ThroughputPerformance),
                         ("made elsewhere", "PREPAID", "UNATTACHED", 0))
        self.assertEqual(self.tags("volume", DISK), {"team": "storage"})

    def test_renew_flag_and_tags_of_an_imported_disk(self):
        self.call("cbs", "ModifyDisksRenewFlag", DiskIds=[DISK], RenewFlag="NOTIFY_AND_AUTO_RENEW")
        self.assertEqual(self.disk(DISK).RenewFlag, "NOTIFY_AND_AUTO_RENEW")
        self.call("tag", "ModifyResourceTags", Resource=resource("volume", DISK),
                  ReplaceTags=[{"TagKey": "stage", "TagValue": "test"}])
        self.assertEqual(self.tags("volume", DISK), {"team": "storage", "stage": "test"})

    def test_a_prepaid_disk_with_its_attachment_from_first_to_last(self):
        [disk_id] = self.call("cbs", "CreateDisks", Placement={"Zone": ZONE, "ProjectId": 0}, DiskChargeType="PREPAID",
                              DiskType="CLOUD_PREMIUM", DiskName="data", DiskSize=50, ThroughputPerformance=0,
                              DiskChargePrepaid={"Period": 1, "RenewFlag": "NOTIFY_AND_MANUAL_RENEW"}).DiskIdSet
        self.assertEqual((self.disk(disk_id).DiskState, self.disk(disk_id).DiskSize), ("UNATTACHED", 50))
        self.assertEqual(self.tags("volume", disk_id), {})
        self.call("cbs", "ModifyDiskAttributes", DiskIds=[disk_id], DiskName="renamed")
        self.call("cbs", "ResizeDisk", DiskId=disk_id, DiskSize=100)
        instance_id = self.create_prepaid()
        self.call("cbs", "AttachDisks", DiskIds=[disk_id], InstanceId=instance_id)
        disk = self.disk(disk_id)
        self.assertEqual((disk.DiskName, disk.DiskSize, disk.DiskState, disk.InstanceId),
                         ("renamed", 100, "ATTACHED", instance_id))
        self.assertEqual(str(self.disk(disk_id)), str(disk))
        self.call("cbs", "DetachDisks", DiskIds=[disk_id], InstanceId=instance_id)
        self.assertEqual((self.disk(disk_id).DiskState, self.disk(disk_id).InstanceId), ("UNATTACHED", ""))
        for _ in range(2):  # to the recycle bin, and out of it
            self.call("cbs", "TerminateDisks", DiskIds=[disk_id])
        self.assertEqual(self.call("cbs", "DescribeDisks", DiskIds=[disk_id]).TotalCount, 0)

    def test_data_sources(self):
        zones = self.common("api", "2020-11-06", "DescribeZones", {"Product": "cvm"})
        self.assertIn(ZONE, [zone["Zone"] for zone in zones["ZoneSet"]])
        regions = self.common("region", "2022-06-27", "DescribeRegions", {"Product": "cvm"})
        self.assertIn(REGION, [region["Region"] for region in regions["RegionSet"]])
        self.assertEqual(self.common("sts", "2018-08-13", "GetCallerIdentity", {})["AccountId"], UIN)

    # --- the provider's documented example of a prepaid instance, with a network of its own ---

    def network(self, what, ids):
        """What the provider reads of VPCs and subnets, by a filter, and of security groups, by their ids."""
        plural = {"Vpc": "VpcIds", "Subnet": "SubnetIds", "SecurityGroup": "SecurityGroupIds"}[what]
        if what == "SecurityGroup":
            page = self.call("vpc", f"Describe{what}s", **{plural: ids})
        else:
            filters = [{"Name": f"{what.lower()}-id", "Values": ids}]
            page = self.call("vpc", f"Describe{what}s", Filters=filters, Offset="0", Limit="100")
        return getattr(page, f"{what}Set")

    def create_network(self):
        tags = [{"Key": "tagKey", "Value": "tagValue"}]
        vpc = self.call("vpc", "CreateVpc", VpcName="vpc", CidrBlock="10.0.0.0/16", EnableMulticast="true", Tags=tags).Vpc
        subnet = self.call("vpc", "CreateSubnet", VpcId=vpc.VpcId, SubnetName="subnet", CidrBlock="10.0.1.0/24", Zone=ZONE,
                           Tags=tags).Subnet
        group = self.call("vpc", "CreateSecurityGroup", GroupName="group", GroupDescription="of the example", ProjectId="0",
                          Tags=tags).SecurityGroup
        return vpc.VpcId, subnet.SubnetId, group.SecurityGroupId

    def plan(self, instance_id, vpc_id, subnet_id, group_id):
        """All that a plan reads, as one text: of two that are equal the second is empty."""
        parts = self.refresh(instance_id)
        networks = [self.network(*of) for of in (("Vpc", [vpc_id]), ("Subnet", [subnet_id]), ("SecurityGroup", [group_id]))]
        return [str(part) for part in (*parts, *networks)]

    def test_the_documented_example_from_first_to_last(self):
        images = self.call("cvm", "DescribeImages").ImageSet
        image = next(image for image in images if "OpenCloudOS Server" in image.ImageName)
        filters = [{"Name": "zone", "Values": [ZONE]}, {"Name": "instance-family", "Values": ["S1", "S2", "S3", "S4", "S5"]}]
        types = self.call("cvm", "DescribeZoneInstanceConfigInfos", Filters=filters).InstanceTypeQuotaSet
        chosen = next(of.InstanceType for of in types if (of.Cpu, of.Memory) == (2, 4))

        vpc_id, subnet_id, group_id = self.create_network()
        created = self.call(
            "cvm", "RunInstances", InstanceChargeType="PREPAID", Placement={"Zone": ZONE, "ProjectId": 0}, ImageId=image.ImageId,
            InstanceChargePrepaid={"Period": 1, "RenewFlag": "NOTIFY_AND_MANUAL_RENEW"}, InstanceType=chosen, InstanceCount=1,
            InstanceName="awesome_app", HostName="user", SystemDisk={"DiskType": "CLOUD_PREMIUM", "DiskSize": 50},
            DataDisks=[{"DiskType": "CLOUD_PREMIUM", "DiskSize": 50, "Encrypt": False}],
            VirtualPrivateCloud={"VpcId": vpc_id, "SubnetId": subnet_id}, SecurityGroupIds=[group_id],
            TagSpecification=[{"ResourceType": "instance", "Tags": [{"Key": "tagKey", "Value": "tagValue"}]}])
        [instance_id] = created.InstanceIdSet
        instance, tags, disks, _ = self.refresh(instance_id)
        self.assertEqual((instance.PrivateIpAddresses, instance.SecurityGroupIds), (["10.0.1.2"], [group_id]))
        self.assertEqual((tags, len(disks)), ({"tagKey": "tagValue"}, 2))
        self.assertEqual([subnet.AvailableIpAddressCount for subnet in self.network("Subnet", [subnet_id])], [252])
        for of in (self.network("Vpc", [vpc_id]), self.network("Subnet", [subnet_id]), self.network("SecurityGroup", [group_id])):
            self.assertEqual([(tag.Key, tag.Value) for tag in of[0].TagSet], [("tagKey", "tagValue")])
        resources = (instance_id, vpc_id, subnet_id, group_id)
        self.assertEqual(self.plan(*resources), self.plan(*resources))

        self.call("vpc", "ModifyVpcAttribute", VpcId=vpc_id, VpcName="renamed", EnableMulticast="false")
        self.call("vpc", "ModifySubnetAttribute", SubnetId=subnet_id, SubnetName="renamed")
        self.call("vpc", "ModifySecurityGroupAttribute", SecurityGroupId=group_id, GroupName="renamed")
        self.call("cvm", "ModifyInstancesAttribute", InstanceIds=[instance_id], InstanceName="renamed")
        [vpc], [subnet] = self.network("Vpc", [vpc_id]), self.network("Subnet", [subnet_id])
        [group] = self.network("SecurityGroup", [group_id])
        self.assertEqual((vpc.VpcName, vpc.EnableMulticast, subnet.SubnetName, group.SecurityGroupName),
                         ("renamed", False, "renamed", "renamed"))
        self.assertEqual(self.plan(*resources), self.plan(*resources))

        for _ in range(2):  # to the recycle bin, and out of it
            self.call("cvm", "TerminateInstances", InstanceIds=[instance_id])
        used = self.call("vpc", "DescribeUsedIpAddress", VpcId=vpc_id, SubnetId=subnet_id, IpAddresses=["10.0.1.2"])
        self.assertEqual(used.TotalCount, 0)
        self.call("vpc", "DeleteSecurityGroup", SecurityGroupId=group_id)
        self.call("vpc", "DeleteSubnet", SubnetId=subnet_id)
        self.call("vpc", "DeleteVpc", VpcId=vpc_id)
        self.assertEqual((self.network("Subnet", [subnet_id]), self.network("Vpc", [vpc_id])), ([], []))
        with self.assertRaises(TencentCloudSDKException) as refused:
            self.network("SecurityGroup", [group_id])
        self.assertEqual(refused.exception.get_code(), "ResourceNotFound")

    # --- when an answer is lost: the provider takes a network error for one to try again after, and no other of these ---

    def lose_an_answer(self, action, **then):
        """The next call of the action is carried out, and its client does not hear of it."""
        self.control("POST", "faults", {"match": {"action": action}, "when": {"nth": 1}, "then": {"commit_then_fail": True, **then}})

    def assert_calls(self, action, number):
        verdict = self.control("POST", "requests/verify", {"match": {"action": action}, "exactly": number})
        self.assertTrue(verdict["ok"], verdict)

    def payments(self, resource_id):
        return [line["Amount"] for line in self.control("GET", "ledger")["lines"] if line.get("ResourceId") == resource_id]

    def assert_refused(self, code, action, **parameters):
        with self.assertRaises(TencentCloudSDKException) as refused:
            self.call("cvm", action, **parameters)
        self.assertEqual(refused.exception.get_code(), code)

    def test_a_renewal_tried_again_is_paid_twice(self):
        renewal = {"InstanceIds": [self.create_prepaid()], "InstanceChargePrepaid": {"Period": 1}}
        [instance_id] = renewal["InstanceIds"]
        bought = len(self.payments(instance_id))
        self.lose_an_answer("RenewInstances", drop=True)
        self.assert_refused("ClientNetworkError", "RenewInstances", **renewal)
        self.call("cvm", "RenewInstances", **renewal)
        self.assert_calls("RenewInstances", 2)
        first, second = self.payments(instance_id)[bought:]
        self.assertEqual(first, second)

    def test_a_renewal_that_is_not_tried_again_is_paid_once(self):
        for then, code in (({"status": 502}, "ServerNetworkError"), ({"error": "InternalServerError"}, "InternalServerError")):
            with self.subTest(code):
                instance_id = self.create_prepaid()
                bought = len(self.payments(instance_id))
                self.control("DELETE", "faults")
                self.lose_an_answer("RenewInstances", **then)
                self.assert_refused(code, "RenewInstances", InstanceIds=[instance_id], InstanceChargePrepaid={"Period": 1})
                self.assertEqual(len(self.payments(instance_id)), bought + 1)

    def test_a_purchase_tried_again_with_its_client_token_is_one(self):
        purchase = {"ClientToken": "terraform-1", "InstanceChargePrepaid": {"Period": 1}}
        before = self.call("cvm", "DescribeInstances").TotalCount
        self.lose_an_answer("RunInstances", drop=True)
        with self.assertRaises(TencentCloudSDKException):
            self.create("PREPAID", **purchase)
        self.create("PREPAID", **purchase)
        self.assert_calls("RunInstances", 2)
        self.assertEqual(self.call("cvm", "DescribeInstances").TotalCount, before + 1)

    def test_what_is_not_there_is_an_error_of_the_sdk(self):
        with self.assertRaises(TencentCloudSDKException) as refused:
            self.call("tag", "ModifyResourceTags", Resource=resource("volume", "disk-zzzzzzzz"),
                      DeleteTags=[{"TagKey": "team"}])
        self.assertEqual(refused.exception.get_code(), "InvalidParameterValue.ResourceDescriptionError")


if __name__ == "__main__":
    sys.exit(plain_result.run())
