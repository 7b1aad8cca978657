"use strict";
// Every action of the catalogue, once to success and once to an error.
//
// A row is keyed by the page of the catalogue: the action, with its product in front (and then as `action`) where CVM has
// an action of this name, too. It names the service, what the call `does`, the `params` that succeed, and what is
// `refused`. `given` prepares; `shows(client, response, what given returned)` asserts what a caller is after. `with` is
// what the client is made with.

const assert = require("node:assert/strict");
const {
  ATTACHED_DISK,
  BOTH,
  DISK,
  IMAGE,
  INSTANCE,
  OTHER_INSTANCE,
  POSTPAID_INSTANCE,
  PREPAID,
  TO_PREPAID,
  UNKNOWN_INSTANCE,
  ZONE,
  addMonths,
  apiTime,
  assertOnlyRequestId,
  assertRefused,
  beijingTime,
  cents,
  costOf,
  describeDisk,
  describeInstance,
  key,
  ordersOf,
  renew,
} = require("./scenarios");

const UNPAID_ORDER = "20260101710000000000001"; // of two accounts of the fixtures
const OTHER_IMAGE = "img-487zeit5";
const POSTPAID_DISK = "disk-byhourly";
const LARGER_TYPE = "S5.LARGE16";
const LARGER_DISK = Object.freeze({ InstanceId: INSTANCE, SystemDisk: { DiskSize: 120 }, ResizeOnline: true });
const USER_DATA = Buffer.from("#!/bin/sh\n").toString("base64");
const RENEWED_PREPAID = Object.freeze({ ...TO_PREPAID, InstanceIds: [INSTANCE] });
const DISK_PRICES = Object.freeze({
  DiskIds: [DISK, ATTACHED_DISK],
  DiskChargePrepaids: [{ Period: 1 }, { Period: 12 }],
});
const RENEWAL_SETTING = Object.freeze({
  ProductCode: "p_cvm",
  RegionCode: "ap-guangzhou",
  InstanceId: INSTANCE,
  RenewFlag: "NOTIFY_AND_AUTO_RENEW",
  RenewPeriod: "3",
  RenewPeriodUnit: "m",
});
const LIGHTHOUSE = "lhins-ruy9d2tw"; // of the account of hosts
const STOPPED_LIGHTHOUSE = "lhins-rusdke45";
const LIGHTHOUSE_DISK = "lhdisk-p1zflrif"; // on LIGHTHOUSE
const BUNDLE = Object.freeze({ BundleId: "bundle_gen_03", InstanceChargePrepaid: { Period: 1 } });
const UIN = "100000000001"; // of the default account
const TAGGED = `qcs::cvm:ap-guangzhou:uin/${UIN}:instance/${OTHER_INSTANCE}`;
const BY_TEAM = Object.freeze({ TagFilters: [{ TagKey: "team", TagValue: ["billing", "none"] }] });
const ONLY_RENEWING = Object.freeze({
  version: "2.0",
  statement: [{ effect: "allow", action: ["name/cvm:RenewInstances"], resource: ["*"] }],
});
const NETWORK = Object.freeze({ VpcId: "vpc-bx0vq623", SubnetId: "subnet-dl3wd0vq" });
const HOURLY = Object.freeze({ Placement: { Zone: ZONE }, ImageId: IMAGE, InstanceChargeType: "POSTPAID_BY_HOUR" });
function assertTemporaryKeys({ Token, TmpSecretId, TmpSecretKey }, ExpiredTime, Expiration, seconds) {
  assert.ok(Token && TmpSecretId && TmpSecretKey);
  assert.equal(Date.parse(Expiration), ExpiredTime * 1000);
  assert.ok(Math.abs(ExpiredTime - Date.now() / 1000 - seconds) < 60);
}
const TIMER = Object.freeze({
  InstanceIds: [POSTPAID_INSTANCE],
  ActionTimer: { TimerAction: "TerminateInstances", ActionTime: "2999-01-01T00:00:00Z" },
});
const RENEWED_HOST = Object.freeze({
  HostIds: ["host-ey16rkyg"],
  HostChargePrepaid: { Period: 1, RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
});
const tagsOf = (ServiceType) => ({
  ServiceType,
  ResourcePrefix: "instance",
  ResourceIds: BOTH,
  ResourceRegion: "ap-guangzhou",
});

const pairsOf = (tags) => tags.map(({ Key, Value }) => [Key, Value]);

// The tags as shown by DescribeInstances.
async function tagsOn(client, id) {
  const { Tags } = await describeInstance(client, id);
  return pairsOf(Tags);
}

async function assertLatest(client, id, action, state) {
  const { LatestOperation, LatestOperationState, InstanceState } = await describeInstance(client, id);
  assert.deepEqual([LatestOperation, LatestOperationState, InstanceState], [action, "SUCCESS", state]);
}

const power = (action, from, to, refusedFor, state) => ({
  service: "cvm",
  does: `brings an instance to ${to}`,
  params: { InstanceIds: [from] },
  async shows(client, response) {
    assertOnlyRequestId(response);
    await assertLatest(client, from, action, to);
  },
  refused: {
    behaviour: `an instance that is ${state}`,
    params: { InstanceIds: [refusedFor] },
    code: `UnsupportedOperation.InstanceState${state}`,
  },
});

// The regions and zones as listed by another product: those of CVM.
const regionsOf = (service, code) => ({
  service,
  action: "DescribeRegions",
  does: "lists the regions of a product",
  params: { Product: "cvm" },
  async shows(client, { RegionSet, TotalCount }) {
    const ofCvm = await client.cvm("DescribeRegions", {});
    const names = (set) => set.map(({ Region, RegionName }) => [Region, RegionName]);
    assert.equal(TotalCount, ofCvm.TotalCount);
    assert.deepEqual(names(RegionSet), names(ofCvm.RegionSet));
  },
  refused: { behaviour: "a product without regions", params: { Product: "xx" }, code },
});

const zonesOf = (service) => ({
  service,
  action: "DescribeZones",
  does: "lists the zones of a product in the region",
  params: { Product: "cvm" },
  async shows(client, { ZoneSet, TotalCount }) {
    const ofCvm = await client.cvm("DescribeZones", {});
    const states = (set) => set.map(({ Zone, ZoneId, ZoneState }) => [Zone, ZoneId, ZoneState]);
    assert.equal(TotalCount, ofCvm.TotalCount);
    assert.deepEqual(states(ZoneSet), states(ofCvm.ZoneSet));
  },
  refused: { behaviour: "a product without zones", params: { Product: "xx" }, code: "UnsupportedOperation" },
});

const ACTIONS = {
  ApiDescribeRegions: regionsOf("api", "InvalidParameter"),
  ApiDescribeZones: zonesOf("api"),
  AssumeRole: {
    service: "sts",
    does: "gives keys of a role for two hours",
    params: { RoleArn: `qcs::cam::uin/${UIN}:roleName/readOnlyRole`, RoleSessionName: "cts" },
    shows(_, { Credentials, ExpiredTime, Expiration }) {
      assertTemporaryKeys(Credentials, ExpiredTime, Expiration, 7200);
    },
    refused: {
      behaviour: "the role of another account",
      params: { RoleArn: "qcs::cam::uin/100015158414:roleName/readOnlyRole", RoleSessionName: "cts" },
      code: "ResourceNotFound.RoleNotFound",
    },
  },
  AttachDisks: {
    service: "cbs",
    does: "puts a disk on an instance",
    params: { DiskIds: [DISK], InstanceId: INSTANCE },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, DISK)).InstanceId, INSTANCE);
    },
    refused: { behaviour: "no InstanceId", params: {}, code: "MissingParameter" },
  },
  CreateDisks: {
    service: "cbs",
    does: "buys a disk",
    params: {
      Placement: { ProjectId: 0, Zone: ZONE },
      DiskChargeType: "PREPAID",
      DiskCount: 1,
      DiskType: "CLOUD_HSSD",
      ThroughputPerformance: 100,
      DiskSize: 500,
      DiskChargePrepaid: { RenewFlag: "NOTIFY_AND_AUTO_RENEW", Period: 1 },
    },
    async shows(client, { DiskIdSet }) {
      const [{ DiskSize, DiskState, RenewFlag }] = await Promise.all(DiskIdSet.map((id) => describeDisk(client, id)));
      assert.deepEqual([DiskSize, DiskState, RenewFlag], [500, "UNATTACHED", "NOTIFY_AND_AUTO_RENEW"]);
    },
    refused: { behaviour: "no Placement", params: {}, code: "MissingParameter" },
  },
  CreateInstances: {
    service: "lighthouse",
    does: "makes an instance of a bundle",
    with: key("hosts"),
    params: { ...BUNDLE, BlueprintId: "lhbp-g0tn7djh" },
    async shows(client, { InstanceIdSet }) {
      const { InstanceSet } = await client.lighthouse("DescribeInstances", { InstanceIds: InstanceIdSet });
      assert.equal(InstanceSet.length, 1);
      assert.equal(InstanceSet[0].BundleId, BUNDLE.BundleId);
    },
    refused: {
      behaviour: "a bundle that does not exist",
      params: { ...BUNDLE, BundleId: "bundle_none", BlueprintId: "lhbp-g0tn7djh" },
      code: "InvalidParameter.BundleIdNotFound",
    },
  },
  CreateSecurityGroup: {
    service: "vpc",
    does: "makes a group with its tags",
    params: { GroupName: "TestGroup", GroupDescription: "test-group-desc", Tags: [{ Value: "shanghai", Key: "city" }] },
    async shows(client, { SecurityGroup }) {
      const SecurityGroupIds = [SecurityGroup.SecurityGroupId];
      const { SecurityGroupSet } = await client.vpc("DescribeSecurityGroups", { SecurityGroupIds });
      assert.deepEqual(SecurityGroupSet, [SecurityGroup]);
      assert.deepEqual(pairsOf(SecurityGroup.TagSet), [["city", "shanghai"]]);
    },
    refused: { behaviour: "no GroupName", params: {}, code: "MissingParameter" },
  },
  CreateSubnet: {
    service: "vpc",
    does: "makes a subnet whose addresses instances get",
    with: key("orders"),
    params: { SubnetName: "subnet1", VpcId: "vpc-m3ul053f", CidrBlock: "10.8.0.0/24", Zone: ZONE },
    async shows(client, { Subnet }) {
      const { VpcId, SubnetId } = Subnet;
      const { InstanceIdSet } = await client.cvm("RunInstances", { ...HOURLY, VirtualPrivateCloud: { VpcId, SubnetId } });
      const { PrivateIpAddresses } = await describeInstance(client, InstanceIdSet[0]);
      const { SubnetSet } = await client.vpc("DescribeSubnets", { SubnetIds: [SubnetId] });
      assert.deepEqual(PrivateIpAddresses, ["10.8.0.2"]);
      assert.deepEqual([Subnet, SubnetSet[0]].map((of) => of.AvailableIpAddressCount), [253, 252]);
    },
    refused: {
      behaviour: "a block outside of the VPC",
      with: key("orders"),
      params: { SubnetName: "subnet1", VpcId: "vpc-m3ul053f", CidrBlock: "10.9.0.0/24", Zone: ZONE },
      code: "InvalidParameterValue.SubnetRange",
    },
  },
  CreateVpc: {
    service: "vpc",
    does: "makes a VPC with its tags",
    params: { VpcName: "TestVPC", CidrBlock: "10.8.0.0/16", Tags: [{ Value: "shanghai", Key: "city" }] },
    async shows(client, { Vpc }) {
      const { VpcSet } = await client.vpc("DescribeVpcs", { VpcIds: [Vpc.VpcId] });
      assert.deepEqual(VpcSet, [Vpc]);
      assert.equal(Vpc.CidrBlock, "10.8.0.0/16");
      assert.deepEqual(pairsOf(Vpc.TagSet), [["city", "shanghai"]]);
    },
    refused: { behaviour: "no VpcName", params: {}, code: "MissingParameter" },
  },
  DeleteInstancesActionTimer: {
    service: "cvm",
    does: "passes over a timer that is not there",
    params: { ActionTimerIds: ["865d042d-0219-46c3-9821-6028c96cfb7c"] },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: { behaviour: "no ActionTimerIds", params: {}, code: "MissingParameter" },
  },
  DeleteSecurityGroup: {
    service: "vpc",
    does: "deletes a group",
    with: key("orders"),
    params: { SecurityGroupId: "sg-33ocnj9n" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      await assertRefused(client.vpc("DescribeSecurityGroups", { SecurityGroupIds: ["sg-33ocnj9n"] }), { code: "ResourceNotFound" });
    },
    refused: {
      behaviour: "a group in use",
      with: key("orders"),
      params: { SecurityGroupId: "sg-8jlk3f3r" },
      code: "ResourceInUse",
    },
  },
  DeleteSubnet: {
    service: "vpc",
    does: "deletes a subnet",
    with: key("orders"),
    params: { SubnetId: "subnet-pxir56ns" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      await assertRefused(client.vpc("DescribeSubnets", { SubnetIds: ["subnet-pxir56ns"] }), { code: "ResourceNotFound" });
    },
    refused: {
      behaviour: "a subnet in use",
      with: key("orders"),
      params: { SubnetId: "subnet-9j5xw3ud" },
      code: "ResourceInUse",
    },
  },
  DeleteVpc: {
    service: "vpc",
    does: "deletes a VPC",
    with: key("orders"),
    params: { VpcId: "vpc-g69ed0kj" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      await assertRefused(client.vpc("DescribeVpcs", { VpcIds: ["vpc-g69ed0kj"] }), { code: "ResourceNotFound" });
    },
    refused: {
      behaviour: "a VPC in use",
      with: key("orders"),
      params: { VpcId: "vpc-2b8tr1vz" },
      code: "ResourceInUse",
    },
  },
  DescribeAccountBalance: {
    service: "billing",
    does: "tells what is left beside what is set aside",
    given: (client) => client.cvm("RunInstances", { Placement: { Zone: ZONE }, ImageId: IMAGE }),
    params: {},
    shows(_, { Balance, RealBalance, CashAccountBalance, FreezeAmount }) {
      assert.ok(FreezeAmount > 0, "an hour is set aside for what is paid by the hour");
      assert.equal(RealBalance, CashAccountBalance - FreezeAmount);
      assert.equal(Balance, RealBalance);
    },
    refused: {
      behaviour: "a key without rights",
      with: key("norights"),
      params: {},
      code: "UnauthorizedOperation.CamNoAuth",
    },
  },
  DescribeAccountQuota: {
    service: "cvm",
    does: "tells what is left in a zone",
    params: { Filters: [{ Name: "zone", Values: [ZONE] }] },
    shows(_, { AccountQuotaOverview }) {
      const [quota] = AccountQuotaOverview.AccountQuota.PostPaidQuotaSet;
      assert.equal(quota.Zone, ZONE);
      assert.equal(quota.UsedQuota + quota.RemainingQuota, quota.TotalQuota);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeBillDetail: {
    service: "billing",
    does: "answers what was paid this month",
    params: { Offset: 0, Limit: 1, Month: new Date().toISOString().slice(0, 7), NeedRecordNum: 1, ResourceId: INSTANCE },
    shows(_, { DetailSet, Total }) {
      assert.equal(DetailSet.length, Math.min(1, Total));
    },
    refused: { behaviour: "no Offset", params: {}, code: "MissingParameter" },
  },
  DescribeBillResourceSummary: {
    service: "billing",
    does: "has no resources in a month without payments",
    params: { Offset: 0, Limit: 1, Month: "2022-01", NeedRecordNum: 1 },
    shows(_, { ResourceSummarySet, Total }) {
      assert.deepEqual([ResourceSummarySet, Total], [[], 0]);
    },
    refused: { behaviour: "no Offset", params: {}, code: "MissingParameter" },
  },
  DescribeBillSummaryByPayMode: {
    service: "billing",
    does: "has no rows for a month without payments",
    params: { EndTime: "2018-11", BeginTime: "2018-11" },
    shows(_, { Ready, SummaryOverview }) {
      assert.deepEqual([Ready, SummaryOverview], [1, []]);
    },
    refused: { behaviour: "no BeginTime", params: {}, code: "MissingParameter" },
  },
  DescribeBillSummaryByProduct: {
    service: "billing",
    does: "is 0 for a month without payments",
    params: { EndTime: "2018-11", BeginTime: "2018-11" },
    shows(_, { SummaryTotal }) {
      assert.equal(SummaryTotal.RealTotalCost, "0.00000000");
    },
    refused: { behaviour: "no BeginTime", params: {}, code: "MissingParameter" },
  },
  DescribeBillSummaryByProject: {
    service: "billing",
    does: "has no rows for a month without payments",
    params: { EndTime: "2018-11", BeginTime: "2018-11" },
    shows(_, { Ready, SummaryOverview }) {
      assert.deepEqual([Ready, SummaryOverview], [1, []]);
    },
    refused: { behaviour: "no BeginTime", params: {}, code: "MissingParameter" },
  },
  DescribeBillSummaryByRegion: {
    service: "billing",
    does: "has no rows for a month without payments",
    params: { EndTime: "2018-11", BeginTime: "2018-11" },
    shows(_, { Ready, SummaryOverview }) {
      assert.deepEqual([Ready, SummaryOverview], [1, []]);
    },
    refused: { behaviour: "no BeginTime", params: {}, code: "MissingParameter" },
  },
  DescribeBillSummaryByTag: {
    service: "billing",
    does: "is 0 for a month without payments",
    params: { TagKey: "team", EndTime: "2019-09", BeginTime: "2019-09" },
    shows(_, { SummaryTotal }) {
      assert.equal(SummaryTotal.RealTotalCost, "0.00000000");
    },
    refused: { behaviour: "no BeginTime", params: {}, code: "MissingParameter" },
  },
  DescribeBundles: {
    service: "lighthouse",
    does: "lists a bundle with its price",
    params: { BundleIds: ["bundle2022_gen_02"] },
    shows(_, { BundleSet }) {
      assert.equal(BundleSet.length, 1);
      assert.equal(BundleSet[0].Price.InstancePrice.OriginalPrice, 60);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeDealsByCond: {
    service: "billing",
    does: "lists a renewal with what it cost",
    given: (client) => costOf(client, () => renew(client, [INSTANCE], 3)),
    params: { StartTime: "2000-01-01 00:00:00", EndTime: "2999-12-31 23:59:59", Limit: 20 },
    shows(_, { Deals, TotalCount }, cost) {
      assert.equal(TotalCount, 1);
      const [{ Action, Status, ResourceId, TimeSpan, TimeUnit, TotalCost, RealTotalCost }] = Deals;
      assert.deepEqual([Action, Status, ResourceId, TimeSpan, TimeUnit], ["renew", 4, [INSTANCE], 3, "m"]);
      assert.equal(RealTotalCost, cost);
      assert.ok(TotalCost >= cost);
    },
    refused: {
      behaviour: "a time in the form of CVM",
      params: { StartTime: "2026-01-01T00:00:00Z", EndTime: "2026-12-31 00:00:00", Limit: 20 },
      code: "InvalidParameterValue",
    },
  },
  DescribeDiskConfigQuota: {
    service: "cbs",
    does: "lists the disks that are sold",
    params: {
      InquiryType: "INQUIRY_CBS_CONFIG",
      DiskChargeType: "POSTPAID_BY_HOUR",
      Zones: [ZONE],
      DiskTypes: ["CLOUD_PREMIUM"],
    },
    shows(_, { DiskConfigSet }) {
      const [{ DiskType, DiskUsage, Available }] = DiskConfigSet;
      assert.deepEqual([DiskConfigSet.length, DiskType, DiskUsage, Available], [1, "CLOUD_PREMIUM", "DATA_DISK", true]);
    },
    refused: { behaviour: "no InquiryType", params: {}, code: "MissingParameter" },
  },
  DescribeDisks: {
    service: "cbs",
    does: "tells what a disk is attached to and when it expires",
    given: (client) => describeInstance(client, OTHER_INSTANCE),
    params: { DiskIds: [ATTACHED_DISK] },
    shows(_, { DiskSet, TotalCount }, { ExpiredTime }) {
      assert.equal(TotalCount, 1);
      const [{ DiskId, InstanceId, Attached, DiskUsage, DeadlineTime, DeadlineError }] = DiskSet;
      assert.deepEqual([DiskId, InstanceId, Attached, DiskUsage], [ATTACHED_DISK, OTHER_INSTANCE, true, "DATA_DISK"]);
      assert.deepEqual([DeadlineTime, DeadlineError], [beijingTime(ExpiredTime), false]);
    },
    refused: { behaviour: "a Limit of 101", params: { Limit: 101 }, code: "InvalidParameterValue" },
  },
  DescribeHosts: {
    service: "cvm",
    does: "tells when a host expires",
    with: key("hosts"),
    params: { Filters: [{ Name: "host-id", Values: ["host-ey16rkyg"] }] },
    shows(_, { HostSet }) {
      assert.equal(HostSet[0].HostState, "RUNNING");
      assert.notEqual(HostSet[0].ExpiredTime, null);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeImages: {
    service: "cvm",
    does: "lists the images that a type of instance starts from",
    params: { InstanceType: "S5.MEDIUM4", Filters: [{ Name: "image-type", Values: ["PUBLIC_IMAGE"] }], Limit: 100 },
    shows(_, { ImageSet, TotalCount }) {
      assert.equal(TotalCount, ImageSet.length);
      assert.deepEqual(new Set(ImageSet.map(({ Architecture }) => Architecture)), new Set(["x86_64"]));
      const ids = ImageSet.map(({ ImageId }) => ImageId);
      for (const image of [IMAGE, OTHER_IMAGE]) assert.ok(ids.includes(image), image);
    },
    refused: { behaviour: "a malformed id", params: { ImageIds: ["x"] }, code: "InvalidImageId.Malformed" },
  },
  DescribeInstanceFamilyConfigs: {
    service: "cvm",
    does: "lists the families",
    params: {},
    shows(_, { InstanceFamilyConfigSet }) {
      assert.ok(InstanceFamilyConfigSet.some((family) => family.InstanceFamily === "S5"));
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeInstanceTypeConfigs: {
    service: "cvm",
    does: "tells the size of a type",
    params: {
      Filters: [
        { Name: "zone", Values: [ZONE] },
        { Name: "instance-type", Values: ["S5.MEDIUM4"] },
      ],
    },
    shows(_, { InstanceTypeConfigSet }) {
      assert.equal(InstanceTypeConfigSet[0].CPU, 2);
      assert.equal(InstanceTypeConfigSet[0].Memory, 4);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeInstances: {
    service: "cvm",
    does: "lists what is paid by the hour, without an expiry",
    params: { Filters: [{ Name: "instance-charge-type", Values: ["POSTPAID_BY_HOUR"] }] },
    shows(_, { InstanceSet, TotalCount }) {
      assert.equal(TotalCount, InstanceSet.length);
      assert.ok(InstanceSet.some(({ InstanceId }) => InstanceId === POSTPAID_INSTANCE));
      for (const { InstanceChargeType, ExpiredTime, RenewFlag } of InstanceSet) {
        assert.deepEqual([InstanceChargeType, ExpiredTime, RenewFlag], ["POSTPAID_BY_HOUR", null, null]);
      }
    },
    refused: {
      behaviour: "a malformed id",
      params: { InstanceIds: [""] },
      code: "InvalidParameterValue.InstanceIdMalformed",
    },
  },
  DescribeInstancesActionTimer: {
    service: "cvm",
    does: "tells when an instance will be terminated",
    given: (client) => client.cvm("ImportInstancesActionTimer", TIMER),
    params: { InstanceIds: [POSTPAID_INSTANCE] },
    shows(_, { ActionTimers }, { ActionTimerIds }) {
      assert.equal(ActionTimers[0].ActionTimerId, ActionTimerIds[0]);
      assert.equal(ActionTimers[0].Status, "UNDO");
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeInstancesAttributes: {
    service: "cvm",
    does: "tells the UserData that was set",
    given: (client) => client.cvm("ModifyInstancesAttribute", { InstanceIds: [INSTANCE], UserData: USER_DATA }),
    params: { InstanceIds: [INSTANCE], Attributes: ["UserData"] },
    shows(_, { InstanceSet }) {
      const attributes = InstanceSet.map(({ InstanceId, Attributes }) => [InstanceId, Attributes.UserData]);
      assert.deepEqual(attributes, [[INSTANCE, USER_DATA]]);
    },
    refused: {
      behaviour: "an unknown instance",
      params: { InstanceIds: [UNKNOWN_INSTANCE], Attributes: ["UserData"] },
      code: "InvalidInstanceId.NotFound",
    },
  },
  DescribeInstancesModification: {
    service: "cvm",
    does: "lists the types that an instance can get",
    params: { Filters: [{ Values: ["SELL"], Name: "status" }], InstanceIds: [INSTANCE] },
    shows(_, { TotalCount, InstanceTypeConfigStatusSet }) {
      assert.equal(TotalCount, InstanceTypeConfigStatusSet.length);
      assert.equal(InstanceTypeConfigStatusSet[0].Status, "SELL");
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  DescribeInstancesOperationLimit: {
    service: "cvm",
    does: "tells how often each instance may still be made smaller",
    params: { InstanceIds: BOTH, Operation: "INSTANCE_DEGRADE" },
    shows(_, { InstanceOperationLimitSet }) {
      assert.deepEqual(InstanceOperationLimitSet.map(({ InstanceId }) => InstanceId).sort(), [...BOTH].sort());
      for (const { Operation, CurrentCount, LimitCount } of InstanceOperationLimitSet) {
        assert.equal(Operation, "INSTANCE_DEGRADE");
        assert.ok(CurrentCount < LimitCount);
      }
    },
    refused: {
      behaviour: "an unknown instance",
      params: { InstanceIds: [UNKNOWN_INSTANCE], Operation: "INSTANCE_DEGRADE" },
      code: "InvalidInstanceId.NotFound",
    },
  },
  DescribeInstancesStatus: {
    service: "cvm",
    does: "tells the state of the instances that it names",
    params: { InstanceIds: [INSTANCE, "ins-stopped0"] },
    shows(_, { InstanceStatusSet, TotalCount }) {
      assert.equal(TotalCount, 2);
      const states = Object.fromEntries(InstanceStatusSet.map((row) => [row.InstanceId, row.InstanceState]));
      assert.deepEqual(states, { [INSTANCE]: "RUNNING", "ins-stopped0": "STOPPED" });
    },
    refused: {
      behaviour: "a malformed id",
      params: { InstanceIds: ["x"] },
      code: "InvalidParameterValue.InstanceIdMalformed",
    },
  },
  DescribeInternetChargeTypeConfigs: {
    service: "cvm",
    does: "lists the ways to pay for traffic",
    params: {},
    shows(_, { InternetChargeTypeConfigSet }) {
      assert.equal(InternetChargeTypeConfigSet[0].InternetChargeType, "BANDWIDTH_PREPAID");
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeRegions: {
    service: "cvm",
    does: "lists the regions",
    params: {},
    shows(_, { RegionSet, TotalCount }) {
      assert.equal(TotalCount, RegionSet.length);
      const guangzhou = RegionSet.find(({ Region }) => Region === "ap-guangzhou");
      assert.deepEqual([guangzhou.RegionName, guangzhou.RegionState], ["South China (Guangzhou)", "AVAILABLE"]);
    },
    refused: { behaviour: "a parameter", params: { Limit: 1 }, code: "UnknownParameter" },
  },
  DescribeRenewInstances: {
    service: "billing",
    does: "lists page by page what expires, the earliest first",
    params: { MaxResults: 10 },
    async shows(client, first) {
      const list = [...first.InstanceList];
      for (let page = first; page.NextToken; list.push(...page.InstanceList)) {
        assert.equal(page.InstanceList.length, 10);
        page = await client.billing("DescribeRenewInstances", { MaxResults: 10, NextToken: page.NextToken });
      }
      const times = list.map(({ ExpireTime }) => ExpireTime);
      assert.deepEqual(times, [...times].sort());
      const ids = list.map(({ InstanceId }) => InstanceId);
      assert.equal(new Set(ids).size, ids.length, "nothing is on two pages");
      for (const id of [...BOTH, DISK, ATTACHED_DISK]) assert.ok(ids.includes(id), id);
      for (const id of [POSTPAID_INSTANCE, POSTPAID_DISK]) assert.ok(!ids.includes(id), id);
      const { ExpiredTime } = await describeInstance(client, INSTANCE);
      assert.equal(times[ids.indexOf(INSTANCE)], beijingTime(ExpiredTime));
    },
    refused: {
      behaviour: "a key without rights",
      with: key("norights"),
      params: { MaxResults: 10 },
      code: "UnauthorizedOperation.CamNoAuth",
    },
  },
  DescribeResourceTags: {
    service: "tag",
    does: "tells the tags of a resource",
    params: {
      ServiceType: "cvm",
      ResourcePrefix: "instance",
      ResourceRegion: "ap-guangzhou",
      ResourceId: OTHER_INSTANCE,
    },
    shows(_, { TotalCount, Rows }) {
      assert.equal(TotalCount, 1);
      const [{ ResourceId, TagKey, TagValue }] = Rows;
      assert.deepEqual([ResourceId, TagKey, TagValue], [OTHER_INSTANCE, "team", "billing"]);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeResourceTagsByResourceIds: {
    service: "tag",
    does: "tells the tags that an instance was bought with",
    async given(client) {
      const tags = [{ Key: "team", Value: "frontend" }];
      const { InstanceIdSet } = await client.cvm("RunInstances", {
        ...PREPAID,
        TagSpecification: [{ ResourceType: "instance", Tags: tags }],
      });
      return client.tag("DescribeResourceTagsByResourceIds", { ...tagsOf("cvm"), ResourceIds: InstanceIdSet });
    },
    params: tagsOf("cvm"),
    shows(_, ofFixtures, ofBought) {
      const pairs = ({ Tags }) => Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
      assert.deepEqual(pairs(ofFixtures), [["team", "billing"]]);
      assert.equal(ofFixtures.Tags[0].ResourceId, OTHER_INSTANCE);
      assert.deepEqual(pairs(ofBought), [["team", "frontend"]]);
    },
    refused: {
      behaviour: "a service without tags",
      params: tagsOf("cos"),
      code: "InvalidParameterValue.ServiceTypeInvalid",
    },
  },
  DescribeResourceTagsByResourceIdsSeq: {
    service: "tag",
    does: "tells the tags of instances",
    params: tagsOf("cvm"),
    shows(_, { TotalCount, Tags }) {
      assert.equal(TotalCount, 1);
      const [{ ResourceId, TagKey, TagValue }] = Tags;
      assert.deepEqual([ResourceId, TagKey, TagValue], [OTHER_INSTANCE, "team", "billing"]);
    },
    refused: {
      behaviour: "a service without tags",
      params: tagsOf("cos"),
      code: "InvalidParameterValue.ServiceTypeInvalid",
    },
  },
  DescribeSecurityGroups: {
    service: "vpc",
    does: "finds a group by its name",
    with: key("orders"),
    params: {
      Limit: "1",
      Filters: [
        { Values: ["TestGroup"], Name: "security-group-name" },
        { Values: ["0"], Name: "project-id" },
      ],
    },
    shows(_, { SecurityGroupSet, TotalCount }) {
      assert.deepEqual([SecurityGroupSet[0].SecurityGroupId, TotalCount], ["sg-33ocnj9n", 1]);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeSubnets: {
    service: "vpc",
    does: "finds the subnet of an instance",
    with: key("orders"),
    params: {
      Filters: [
        { Values: ["vpc-2b8tr1vz"], Name: "vpc-id" },
        { Values: ["10.0.0.0"], Name: "cidr-block" },
        { Values: ["true"], Name: "is-default" },
      ],
    },
    shows(_, { SubnetSet, TotalCount }) {
      const [{ SubnetId, TotalIpAddressCount, AvailableIpAddressCount }] = SubnetSet;
      assert.deepEqual([SubnetId, TotalCount], ["subnet-9j5xw3ud", 1]);
      assert.deepEqual([TotalIpAddressCount, AvailableIpAddressCount], [16, 12]);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeUsedIpAddress: {
    service: "vpc",
    does: "tells the address of an instance until it is gone",
    async given(client) {
      const { InstanceIdSet } = await client.cvm("RunInstances", { ...HOURLY, VirtualPrivateCloud: NETWORK });
      const ask = () => client.vpc("DescribeUsedIpAddress", NETWORK);
      const used = await ask();
      await client.cvm("TerminateInstances", { InstanceIds: InstanceIdSet });
      return { used, after: await ask(), InstanceIdSet };
    },
    params: { ...NETWORK, IpAddresses: ["10.0.0.1", "10.0.0.2"], Offset: 0, Limit: 100 },
    shows(_, { IpAddressStates, TotalCount }, { used, after, InstanceIdSet }) {
      assert.deepEqual([IpAddressStates, TotalCount, after.TotalCount], [[], 0, 0]);
      assert.deepEqual(used.IpAddressStates.map(({ ResourceId, SubnetId }) => [ResourceId, SubnetId]), [
        [InstanceIdSet[0], NETWORK.SubnetId],
      ]);
    },
    refused: { behaviour: "no VpcId", params: {}, code: "MissingParameter" },
  },
  DescribeVoucherInfo: {
    service: "billing",
    does: "has no vouchers for an account without any",
    params: { Limit: 1, Offset: 1 },
    shows(_, { TotalCount, VoucherInfos }) {
      assert.deepEqual([TotalCount, VoucherInfos], [0, []]);
    },
    refused: { behaviour: "no Limit", params: {}, code: "MissingParameter" },
  },
  DescribeVoucherUsageDetails: {
    service: "billing",
    does: "has no uses of an unknown voucher",
    params: { Limit: 10, Offset: 1, VoucherId: "abc", Operator: "abc" },
    shows(_, { TotalCount, UsageRecords }) {
      assert.deepEqual([TotalCount, UsageRecords], [0, []]);
    },
    refused: { behaviour: "no Limit", params: {}, code: "MissingParameter" },
  },
  DescribeVpcs: {
    service: "vpc",
    does: "finds VPCs by their blocks",
    with: key("orders"),
    params: {
      Limit: "2",
      Filters: [
        { Values: ["192.168.0.0", "10.0.0.0"], Name: "cidr-block" },
        { Values: ["false"], Name: "is-default" },
      ],
      Offset: "0",
    },
    shows(_, { VpcSet, TotalCount }) {
      assert.deepEqual([VpcSet[0].VpcId, TotalCount], ["vpc-g69ed0kj", 1]);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  DescribeZoneInstanceConfigInfos: {
    service: "cvm",
    does: "tells what can be bought",
    params: {
      Filters: [
        { Name: "zone", Values: [ZONE] },
        { Name: "instance-charge-type", Values: ["PREPAID"] },
      ],
    },
    async shows(client, { InstanceTypeQuotaSet }) {
      const ofStatus = (status) => InstanceTypeQuotaSet.filter(({ Status }) => Status === status);
      const [selling, soldOut] = [ofStatus("SELL"), ofStatus("SOLD_OUT")];
      assert.equal(selling.length + soldOut.length, InstanceTypeQuotaSet.length);
      assert.ok(selling.some(({ InstanceType }) => InstanceType === PREPAID.InstanceType));
      for (const { Price } of selling) assert.ok(Price.DiscountPrice > 0 && Price.DiscountPrice <= Price.OriginalPrice);
      assert.notEqual(soldOut.length, 0);
      for (const { InstanceType } of soldOut) {
        await assertRefused(client.cvm("RunInstances", { ...PREPAID, InstanceType }), {
          code: "ResourcesSoldOut.SpecifiedInstanceType",
        });
      }
    },
    refused: {
      behaviour: "a zone of another region",
      params: { Filters: [{ Name: "zone", Values: ["ap-shanghai-2"] }] },
      code: "InvalidZone.MismatchRegion",
    },
  },
  DescribeZones: {
    service: "cvm",
    does: "lists the zones of the region",
    params: {},
    shows(_, { ZoneSet, TotalCount }) {
      assert.equal(TotalCount, ZoneSet.length);
      for (const { Zone } of ZoneSet) assert.match(Zone, /^ap-guangzhou-\d$/);
      assert.equal(ZoneSet.find(({ Zone }) => Zone === ZONE).ZoneState, "AVAILABLE");
    },
    refused: { behaviour: "no region", with: { region: null }, params: {}, code: "MissingParameter" },
  },
  DetachDisks: {
    service: "cbs",
    does: "takes a disk off its instance",
    params: { DiskIds: [ATTACHED_DISK] },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, ATTACHED_DISK)).Attached, false);
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  EnterRescueMode: {
    service: "cvm",
    does: "brings an instance to RESCUE_MODE",
    params: { InstanceId: INSTANCE, Password: "Rescue-2026" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      await assertLatest(client, INSTANCE, "EnterRescueMode", "RESCUE_MODE");
    },
    refused: {
      behaviour: "an instance that is there",
      params: { InstanceId: "ins-rescue00", Password: "Rescue-2026" },
      code: "UnsupportedOperation.InstanceStateRescueMode",
    },
  },
  ExitRescueMode: {
    service: "cvm",
    does: "leads back to RUNNING",
    given: (client) => client.cvm("EnterRescueMode", { InstanceId: INSTANCE, Password: "Rescue-2026" }),
    params: { InstanceId: INSTANCE },
    async shows(client, response) {
      assertOnlyRequestId(response);
      await assertLatest(client, INSTANCE, "ExitRescueMode", "RUNNING");
    },
    refused: {
      behaviour: "an instance that runs",
      params: { InstanceId: INSTANCE },
      code: "UnsupportedOperation.InstanceStateRunning",
    },
  },
  GetCallerIdentity: {
    service: "sts",
    does: "names the account of the key pair",
    params: {},
    shows(_, { AccountId, Arn, PrincipalId, Type, UserId }) {
      assert.deepEqual([Type, AccountId, UserId, PrincipalId], ["CAMUser", UIN, UIN, UIN]);
      assert.equal(Arn, `qcs::cam:${UIN}:uin/${UIN}`);
    },
    refused: { behaviour: "a parameter that it does not have", params: { Unknown: 1 }, code: "UnknownParameter" },
  },
  GetFederationToken: {
    service: "sts",
    does: "gives keys with a policy for half an hour",
    params: { Name: "SUN", Policy: encodeURIComponent(JSON.stringify(ONLY_RENEWING)) },
    shows(_, { Credentials, ExpiredTime, Expiration }) {
      assertTemporaryKeys(Credentials, ExpiredTime, Expiration, 1800);
    },
    refused: {
      behaviour: "a policy that is none",
      params: { Name: "SUN", Policy: "renew" },
      code: "InvalidParameter.StrategyFormatError",
    },
  },
  GetResources: {
    service: "tag",
    does: "finds resources by a tag, page by page",
    async given(client) {
      const pages = [];
      for (let token = ""; pages.length === 0 || token !== ""; ) {
        const page = await client.tag("GetResources", { ...BY_TEAM, MaxResults: 1, PaginationToken: token });
        pages.push(page.ResourceTagMappingList);
        token = page.PaginationToken;
      }
      return pages;
    },
    params: BY_TEAM,
    shows(_, { PaginationToken, ResourceTagMappingList }, pages) {
      assert.deepEqual([PaginationToken, ResourceTagMappingList.length], ["", 2]);
      assert.equal(ResourceTagMappingList[0].Resource, TAGGED);
      const [{ TagKey, TagValue, Category }] = ResourceTagMappingList[0].Tags;
      assert.deepEqual([TagKey, TagValue, Category], ["team", "billing", "Custom"]);
      assert.deepEqual(pages.map((page) => page.length), [1, 1]);
      assert.deepEqual(pages.flat(), ResourceTagMappingList);
    },
    refused: {
      behaviour: "a token of another list",
      params: { PaginationToken: "x" },
      code: "InvalidParameter.PaginationTokenInvalid",
    },
  },
  GetTagKeys: {
    service: "tag",
    does: "tells the keys in use, each once",
    params: { MaxResults: 10 },
    shows(_, { PaginationToken, TagKeys }) {
      assert.equal(PaginationToken, "");
      assert.ok(TagKeys.includes("team"));
      assert.equal(new Set(TagKeys).size, TagKeys.length);
    },
    refused: {
      behaviour: "the token of another list",
      params: { PaginationToken: "oaWvQ5SFPGhUtWMA3LKTKgryBtKrDB215AUhaE", MaxResults: 10 },
      code: "InvalidParameter.PaginationTokenInvalid",
    },
  },
  GetTagValues: {
    service: "tag",
    does: "tells the values of a key, each once",
    params: { TagKeys: ["team"], PaginationToken: "", MaxResults: 50 },
    shows(_, { PaginationToken, Tags }) {
      assert.equal(PaginationToken, "");
      assert.deepEqual(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]), [
        ["team", "billing"],
        ["team", "operations"],
      ]);
    },
    refused: { behaviour: "no TagKeys", params: {}, code: "MissingParameter" },
  },
  ImportInstancesActionTimer: {
    service: "cvm",
    does: "sets a timer",
    params: TIMER,
    async shows(client, { ActionTimerIds }) {
      const { ActionTimers } = await client.cvm("DescribeInstancesActionTimer", { ActionTimerIds });
      assert.equal(ActionTimers[0].InstanceId, POSTPAID_INSTANCE);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  InquirePriceCreateInstances: {
    service: "lighthouse",
    does: "gives the price of two instances for a month",
    params: { ...BUNDLE, InstanceCount: 2 },
    shows(_, { Price }) {
      assert.equal(Price.InstancePrice.OriginalPrice, 2 * Price.InstancePrice.OriginalBundlePrice);
    },
    refused: { behaviour: "no BundleId", params: {}, code: "MissingParameter" },
  },
  InquirePriceRenewDisks: {
    service: "lighthouse",
    does: "gives the price of a disk for a month",
    with: key("hosts"),
    params: { DiskIds: [LIGHTHOUSE_DISK], RenewDiskChargePrepaid: { Period: 1 } },
    shows(_, { DiskPrice }) {
      assert.equal(DiskPrice.DiscountPrice, DiskPrice.OriginalDiskPrice);
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  InquirePriceRenewInstances: {
    service: "lighthouse",
    does: "gives the price of a year for 85 percent",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE], InstanceChargePrepaid: { Period: 12 } },
    shows(_, { Price, TotalPrice }) {
      assert.equal(Price.InstancePrice.Discount, 85);
      assert.equal(TotalPrice.DiscountPrice, Price.InstancePrice.DiscountPrice);
    },
    refused: {
      behaviour: "an instance of CVM",
      params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 12 } },
      code: "InvalidParameterValue.InstanceIdMalformed",
    },
  },
  InquiryPriceCreateDisks: {
    service: "cbs",
    does: "tells what an hour of a disk costs",
    params: { DiskType: "CLOUD_PREMIUM", DiskSize: 100, DiskCount: 1, DiskChargeType: "POSTPAID_BY_HOUR" },
    shows(_, { DiskPrice: { UnitPrice, ChargeUnit, OriginalPrice } }) {
      assert.deepEqual([UnitPrice > 0, ChargeUnit, OriginalPrice], [true, "HOUR", null]);
    },
    refused: { behaviour: "no DiskChargeType", params: {}, code: "MissingParameter" },
  },
  InquiryPriceModifyInstancesChargeType: {
    service: "cvm",
    does: "names what the change takes, give or take a cent for the second between",
    params: TO_PREPAID,
    async shows(client, { Price }) {
      const cost = await costOf(client, () => client.cvm("ModifyInstancesChargeType", TO_PREPAID));
      assert.ok(cost > 0);
      assert.equal(cents(Price.InstancePrice, Price.BandwidthPrice), cost);
    },
    refused: {
      behaviour: "an instance that is prepaid already",
      params: RENEWED_PREPAID,
      code: "UnsupportedOperation.InstanceChargeType",
    },
  },
  InquiryPriceRenewDisks: {
    service: "cbs",
    does: "names what the renewals take, to the cent",
    params: DISK_PRICES,
    async shows(client, { DiskPrice }) {
      const cost = await costOf(client, async () => {
        for (const [index, DiskId] of DISK_PRICES.DiskIds.entries()) {
          await client.cbs("RenewDisk", { DiskId, DiskChargePrepaid: DISK_PRICES.DiskChargePrepaids[index] });
        }
      });
      assert.ok(cost > 0);
      assert.equal(cents(DiskPrice), cost);
      assert.equal(cents(...DiskPrice.DetailPrices), cost);
    },
    refused: {
      behaviour: "a disk that is paid by the hour",
      params: { DiskIds: [POSTPAID_DISK], DiskChargePrepaids: [{ Period: 1 }] },
      code: "InvalidDisk.NotSupported",
    },
  },
  InquiryPriceRenewHosts: {
    service: "cvm",
    does: "tells the price of a month",
    with: key("hosts"),
    params: RENEWED_HOST,
    shows(_, { Price }) {
      assert.ok(Price.HostPrice.DiscountPrice > 0);
    },
    refused: { behaviour: "no HostIds", params: {}, code: "MissingParameter" },
  },
  InquiryPriceRenewInstances: {
    service: "cvm",
    does: "names what the renewal takes, to the cent, with bandwidth and elastic disk",
    params: { InstanceIds: BOTH, InstanceChargePrepaid: { Period: 3 }, RenewPortableDataDisk: true },
    async shows(client, { Price }) {
      assert.ok(cents(Price.BandwidthPrice) > 0);
      assert.equal(
        cents(Price.InstancePrice, Price.BandwidthPrice),
        await costOf(client, () => renew(client, BOTH, 3)),
      );
    },
    refused: {
      behaviour: "a period that is not sold",
      params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 13 } },
      code: "InvalidPeriod",
    },
  },
  InquiryPriceResetInstancesInternetMaxBandwidth: {
    service: "cvm",
    does: "names the price of a GB where traffic is charged",
    params: { InstanceIds: [POSTPAID_INSTANCE], InternetAccessible: { InternetMaxBandwidthOut: 20 } },
    shows(_, { Price }) {
      assert.equal(Price.BandwidthPrice.ChargeUnit, "GB");
      assert.equal(Price.BandwidthPrice.UnitPrice, 0.8);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  InquiryPriceResetInstancesType: {
    service: "cvm",
    does: "names what the change takes, give or take a cent for the second between",
    params: { InstanceType: LARGER_TYPE, InstanceIds: [INSTANCE] },
    async shows(client, { Price }) {
      const change = { InstanceType: LARGER_TYPE, InstanceIds: [INSTANCE], ForceStop: true };
      const cost = await costOf(client, () => client.cvm("ResetInstancesType", change));
      assert.ok(cost > 0 && Math.abs(cents(Price.InstancePrice) - cost) <= 1);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  InquiryPriceResizeDisk: {
    service: "cbs",
    does: "tells what a larger disk costs until its deadline",
    params: { DiskId: DISK, DiskSize: 200 },
    async shows(client, { DiskPrice }) {
      const cost = await costOf(client, () => client.cbs("ResizeDisk", { DiskId: DISK, DiskSize: 200 }));
      assert.equal(cents(DiskPrice), cost);
      assert.equal(cents(...DiskPrice.DetailPrices), cost);
    },
    refused: { behaviour: "no DiskSize", params: {}, code: "MissingParameter" },
  },
  InquiryPriceResizeInstanceDisks: {
    service: "cvm",
    does: "names what the growth takes, give or take a cent for the second between",
    params: LARGER_DISK,
    async shows(client, { Price }) {
      const cost = await costOf(client, () => client.cvm("ResizeInstanceDisks", LARGER_DISK));
      assert.ok(cost > 0 && Math.abs(cents(Price.InstancePrice) - cost) <= 1);
    },
    refused: { behaviour: "no InstanceId", params: {}, code: "MissingParameter" },
  },
  InquiryPriceRunInstances: {
    service: "cvm",
    does: "names what the purchase takes, to the cent",
    params: { ...PREPAID, InstanceCount: 2 },
    async shows(client, { Price }) {
      const cost = await costOf(client, () => client.cvm("RunInstances", { ...PREPAID, InstanceCount: 2 }));
      assert.ok(cost > 0);
      assert.equal(cents(Price.InstancePrice, Price.BandwidthPrice), cost);
    },
    refused: {
      behaviour: "a type that is sold out",
      params: { ...PREPAID, InstanceType: "GN7.2XLARGE32" },
      code: "ResourcesSoldOut.SpecifiedInstanceType",
    },
  },
  InquiryPriceTerminateInstances: {
    service: "cvm",
    does: "names what comes back: a renewal that was just paid",
    given: (client) => costOf(client, () => renew(client, [INSTANCE])),
    params: { InstanceIds: [INSTANCE] },
    shows(_, { InstanceRefundsSet: [refund] }, paid) {
      assert.equal(refund.InstanceId, INSTANCE);
      assert.equal(Math.round(refund.Refunds * 100), paid);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  IsolateInstances: {
    service: "lighthouse",
    does: "moves an instance into the recycle bin",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE] },
    async shows(client) {
      const { InstanceSet } = await client.lighthouse("DescribeInstances", { InstanceIds: [LIGHTHOUSE] });
      assert.equal(InstanceSet[0].LatestOperation, "IsolateInstances");
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  LighthouseDescribeDisks: {
    service: "lighthouse",
    action: "DescribeDisks",
    does: "describes a data disk",
    with: key("hosts"),
    params: { DiskIds: [LIGHTHOUSE_DISK] },
    shows(_, { DiskSet }) {
      assert.equal(DiskSet[0].InstanceId, LIGHTHOUSE);
    },
    refused: {
      behaviour: "a disk of CBS",
      params: { DiskIds: [DISK] },
      code: "InvalidParameterValue.InvalidDiskIdMalformed",
    },
  },
  LighthouseDescribeInstances: {
    service: "lighthouse",
    action: "DescribeInstances",
    does: "describes an instance",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE] },
    shows(_, { TotalCount, InstanceSet }) {
      assert.equal(TotalCount, 1);
      assert.equal(InstanceSet[0].BundleId, "bundle_bw_small1_1");
    },
    refused: {
      behaviour: "an instance of CVM",
      params: { InstanceIds: [INSTANCE] },
      code: "InvalidParameterValue.InstanceIdMalformed",
    },
  },
  LighthouseModifyDisksRenewFlag: {
    service: "lighthouse",
    action: "ModifyDisksRenewFlag",
    does: "sets the RenewFlag of a disk",
    with: key("hosts"),
    params: { DiskIds: [LIGHTHOUSE_DISK], RenewFlag: "DISABLE_NOTIFY_AND_MANUAL_RENEW" },
    async shows(client) {
      const { DiskSet } = await client.lighthouse("DescribeDisks", { DiskIds: [LIGHTHOUSE_DISK] });
      assert.equal(DiskSet[0].RenewFlag, "DISABLE_NOTIFY_AND_MANUAL_RENEW");
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  LighthouseModifyInstancesRenewFlag: {
    service: "lighthouse",
    action: "ModifyInstancesRenewFlag",
    does: "sets the RenewFlag",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
    async shows(client) {
      const { InstanceSet } = await client.lighthouse("DescribeInstances", { InstanceIds: [LIGHTHOUSE] });
      assert.equal(InstanceSet[0].RenewFlag, "NOTIFY_AND_AUTO_RENEW");
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  LighthouseRebootInstances: {
    service: "lighthouse",
    action: "RebootInstances",
    does: "restarts a running instance",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE] },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  LighthouseRenewInstances: {
    service: "lighthouse",
    action: "RenewInstances",
    does: "moves the expiry by a year",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE], InstanceChargePrepaid: { Period: 12 } },
    given: (client) => client.lighthouse("DescribeInstances", { InstanceIds: [LIGHTHOUSE] }),
    async shows(client, _, { InstanceSet: [before] }) {
      const { InstanceSet } = await client.lighthouse("DescribeInstances", { InstanceIds: [LIGHTHOUSE] });
      assert.equal(InstanceSet[0].ExpiredTime, apiTime(addMonths(before.ExpiredTime, 12)));
    },
    refused: {
      behaviour: "an instance of CVM",
      params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 12 } },
      code: "InvalidParameterValue.InstanceIdMalformed",
    },
  },
  LighthouseStartInstances: {
    service: "lighthouse",
    action: "StartInstances",
    does: "starts a stopped instance",
    with: key("hosts"),
    params: { InstanceIds: [STOPPED_LIGHTHOUSE] },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: {
      behaviour: "an instance that runs",
      with: key("hosts"),
      params: { InstanceIds: [LIGHTHOUSE] },
      code: "UnsupportedOperation.InvalidInstanceState",
    },
  },
  LighthouseStopInstances: {
    service: "lighthouse",
    action: "StopInstances",
    does: "stops a running instance",
    with: key("hosts"),
    params: { InstanceIds: [LIGHTHOUSE] },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  LighthouseTerminateInstances: {
    service: "lighthouse",
    action: "TerminateInstances",
    does: "destroys an instance in the recycle bin",
    with: key("hosts"),
    params: { InstanceIds: ["lhins-isolated"] },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: {
      behaviour: "an instance that is not in the recycle bin",
      with: key("hosts"),
      params: { InstanceIds: [LIGHTHOUSE] },
      code: "UnsupportedOperation.InvalidInstanceState",
    },
  },
  ModifyDiskAttributes: {
    service: "cbs",
    does: "renames a disk",
    params: { DiskName: "test_data_disk", DiskIds: [DISK] },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, DISK)).DiskName, "test_data_disk");
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  ModifyDisksChargeType: {
    service: "cbs",
    does: "changes a disk from hours to months",
    params: { DiskIds: [POSTPAID_DISK], DiskChargePrepaid: { Period: 1 } },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, POSTPAID_DISK)).DiskChargeType, "PREPAID");
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  ModifyDisksRenewFlag: {
    service: "cbs",
    does: "sets the flag on every disk that it names",
    params: { DiskIds: [DISK, ATTACHED_DISK], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      for (const id of [DISK, ATTACHED_DISK]) {
        assert.equal((await describeDisk(client, id)).RenewFlag, "NOTIFY_AND_AUTO_RENEW");
      }
    },
    refused: {
      behaviour: "an unknown disk",
      params: { DiskIds: [DISK, "disk-zzzzzzzz"], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
      code: "InvalidDiskId.NotFound",
    },
  },
  ModifyInstancesAttribute: {
    service: "cvm",
    does: "protects an instance from its termination",
    params: { InstanceIds: [INSTANCE], DisableApiTermination: true },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeInstance(client, INSTANCE)).DisableApiTermination, true);
      await assertRefused(client.cvm("TerminateInstances", { InstanceIds: [INSTANCE] }), {
        code: "UnsupportedOperation.InstancesProtected",
      });
    },
    refused: {
      behaviour: "a name that is too long",
      params: { InstanceIds: [INSTANCE], InstanceName: "x".repeat(129) },
      code: "InvalidInstanceName.TooLong",
    },
  },
  ModifyInstancesChargeType: {
    service: "cvm",
    does: "gives a postpaid instance an expiry and an order",
    given: () => Date.now(),
    params: TO_PREPAID,
    async shows(client, response, before) {
      assertOnlyRequestId(response);
      const { InstanceChargeType, RenewFlag, ExpiredTime } = await describeInstance(client, POSTPAID_INSTANCE);
      assert.deepEqual([InstanceChargeType, RenewFlag], ["PREPAID", "NOTIFY_AND_MANUAL_RENEW"]);
      assert.ok(ExpiredTime >= apiTime(addMonths(before, 12)) && ExpiredTime <= apiTime(addMonths(Date.now(), 12)));
      const [{ ResourceId, TimeSpan, Status }] = await ordersOf(client);
      assert.deepEqual([ResourceId, TimeSpan, Status], [[POSTPAID_INSTANCE], 12, 4]);
    },
    refused: {
      behaviour: "an instance that is prepaid already",
      params: RENEWED_PREPAID,
      code: "UnsupportedOperation.InstanceChargeType",
    },
  },
  ModifyInstancesProject: {
    service: "cvm",
    does: "moves instances to a project",
    params: { ProjectId: 1045, InstanceIds: [OTHER_INSTANCE, INSTANCE] },
    async shows(client) {
      assert.equal((await describeInstance(client, INSTANCE)).Placement.ProjectId, 1045);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  ModifyInstancesRenewFlag: {
    service: "cvm",
    does: "sets the flag on every instance that it names",
    params: { InstanceIds: BOTH, RenewFlag: "DISABLE_NOTIFY_AND_MANUAL_RENEW" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      for (const id of BOTH) {
        assert.equal((await describeInstance(client, id)).RenewFlag, "DISABLE_NOTIFY_AND_MANUAL_RENEW");
      }
    },
    refused: {
      behaviour: "an instance that is paid by the hour",
      params: { InstanceIds: [INSTANCE, POSTPAID_INSTANCE], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
      code: "UnsupportedOperation.InstanceChargeType",
    },
  },
  ModifyInstancesVpcAttribute: {
    service: "cvm",
    does: "moves instances to a network",
    params: {
      VirtualPrivateCloud: {
        SubnetId: "subnet-dcs9x3gz",
        VpcId: "vpc-1urkhbj4",
        PrivateIpAddresses: ["10.0.0.19", "10.0.0.18"],
      },
      InstanceIds: [OTHER_INSTANCE, INSTANCE],
    },
    async shows(client) {
      const { PrivateIpAddresses, VirtualPrivateCloud } = await describeInstance(client, INSTANCE);
      assert.deepEqual(PrivateIpAddresses, ["10.0.0.18"]);
      assert.equal(VirtualPrivateCloud.VpcId, "vpc-1urkhbj4");
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  ModifyResourceTags: {
    service: "tag",
    does: "changes the tags of an instance",
    params: {
      Resource: `qcs::cvm:ap-guangzhou:uin/:instance/${OTHER_INSTANCE}`,
      ReplaceTags: [{ TagKey: "stage", TagValue: "production" }],
      DeleteTags: [{ TagKey: "team" }],
    },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.deepEqual(await tagsOn(client, OTHER_INSTANCE), [["stage", "production"]]);
    },
    refused: {
      behaviour: "an instance that does not exist",
      params: { Resource: `qcs::cvm:ap-guangzhou::instance/${UNKNOWN_INSTANCE}`, DeleteTags: [{ TagKey: "team" }] },
      code: "InvalidParameterValue.ResourceDescriptionError",
    },
  },
  ModifySecurityGroupAttribute: {
    service: "vpc",
    does: "renames a group",
    with: key("orders"),
    params: { SecurityGroupId: "sg-33ocnj9n", GroupName: "demo", GroupDescription: "demo" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      const { SecurityGroupSet } = await client.vpc("DescribeSecurityGroups", { SecurityGroupIds: ["sg-33ocnj9n"] });
      assert.equal(SecurityGroupSet[0].SecurityGroupName, "demo");
    },
    refused: { behaviour: "no SecurityGroupId", params: {}, code: "MissingParameter" },
  },
  ModifySubnetAttribute: {
    service: "vpc",
    does: "renames a subnet",
    with: key("orders"),
    params: { SubnetId: "subnet-pxir56ns", SubnetName: "NewSubnetName", EnableBroadcast: "true" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      const { SubnetSet } = await client.vpc("DescribeSubnets", { SubnetIds: ["subnet-pxir56ns"] });
      assert.equal(SubnetSet[0].SubnetName, "NewSubnetName");
    },
    refused: { behaviour: "no SubnetId", params: {}, code: "MissingParameter" },
  },
  ModifyVpcAttribute: {
    service: "vpc",
    does: "renames a VPC",
    with: key("orders"),
    params: { VpcId: "vpc-m3ul053f", VpcName: "vpc_dev" },
    async shows(client, response) {
      assertOnlyRequestId(response);
      const { VpcSet } = await client.vpc("DescribeVpcs", { VpcIds: ["vpc-m3ul053f"] });
      assert.equal(VpcSet[0].VpcName, "vpc_dev");
    },
    refused: { behaviour: "no VpcId", params: {}, code: "MissingParameter" },
  },
  PayDeals: {
    service: "billing",
    with: key("unpaid"),
    does: "pays a renewal that waited, and it happens",
    given: (client) => describeInstance(client, "ins-unpaid00"),
    params: { OrderIds: [UNPAID_ORDER] },
    async shows(client, { OrderIds, ResourceIds, BigDealIds }, before) {
      assert.deepEqual([OrderIds, ResourceIds, BigDealIds], [[UNPAID_ORDER], ["ins-unpaid00"], [UNPAID_ORDER]]);
      const [{ Status }] = await ordersOf(client, { OrderId: UNPAID_ORDER });
      assert.equal(Status, 4);
      const { ExpiredTime } = await describeInstance(client, "ins-unpaid00");
      assert.equal(ExpiredTime, apiTime(addMonths(before.ExpiredTime, 1)));
    },
    refused: {
      behaviour: "an account that lacks a cent",
      with: key("onecentless"),
      params: { OrderIds: [UNPAID_ORDER] },
      code: "FailedOperation.BalanceInsufficient",
    },
  },
  RebootInstances: power("RebootInstances", INSTANCE, "RUNNING", "ins-stopped0", "Stopped"),
  RegionDescribeRegions: regionsOf("region", "InvalidParameter.ParameterError"),
  RegionDescribeZones: zonesOf("region"),
  RenewDisk: {
    service: "cbs",
    does: "moves the deadline by calendar months",
    given: (client) => describeDisk(client, DISK),
    params: { DiskId: DISK, DiskChargePrepaid: { Period: 3, RenewFlag: "NOTIFY_AND_AUTO_RENEW" } },
    async shows(client, response, before) {
      assertOnlyRequestId(response);
      const { DeadlineTime, RenewFlag } = await describeDisk(client, DISK);
      const utc = `${before.DeadlineTime.replace(" ", "T")}+08:00`;
      assert.equal(DeadlineTime, beijingTime(addMonths(utc, 3)));
      assert.equal(RenewFlag, "NOTIFY_AND_AUTO_RENEW");
    },
    refused: {
      behaviour: "an account without money",
      with: key("nomoney"),
      params: { DiskId: "disk-nomoneyd", DiskChargePrepaid: { Period: 1 } },
      code: "InvalidAccount.InsufficientBalance",
    },
  },
  RenewDisks: {
    service: "lighthouse",
    does: "renews a data disk",
    with: key("hosts"),
    params: { DiskIds: [LIGHTHOUSE_DISK], RenewDiskChargePrepaid: { Period: 1 } },
    shows(_, response) {
      assertOnlyRequestId(response);
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  RenewHosts: {
    service: "cvm",
    does: "renews a host",
    with: key("hosts"),
    params: RENEWED_HOST,
    async shows(client) {
      const { HostSet } = await client.cvm("DescribeHosts", {
        Filters: [{ Name: "host-id", Values: RENEWED_HOST.HostIds }],
      });
      assert.equal(HostSet[0].RenewFlag, "NOTIFY_AND_AUTO_RENEW");
    },
    refused: { behaviour: "no HostIds", params: {}, code: "MissingParameter" },
  },
  RenewInstances: {
    service: "cvm",
    does: "moves the expiry of an instance and of its elastic disk",
    given: (client) => describeInstance(client, OTHER_INSTANCE),
    params: { InstanceIds: [OTHER_INSTANCE], InstanceChargePrepaid: { Period: 2 } },
    async shows(client, response, before) {
      assertOnlyRequestId(response);
      const { ExpiredTime, RenewFlag } = await describeInstance(client, OTHER_INSTANCE);
      assert.equal(ExpiredTime, apiTime(addMonths(before.ExpiredTime, 2)));
      assert.equal(RenewFlag, before.RenewFlag);
      assert.equal((await describeDisk(client, ATTACHED_DISK)).DeadlineTime, beijingTime(ExpiredTime));
    },
    refused: {
      behaviour: "an account without money",
      with: key("nomoney"),
      params: { InstanceIds: ["ins-nomoney0"], InstanceChargePrepaid: { Period: 1 } },
      code: "InvalidAccount.InsufficientBalance",
    },
  },
  ResetInstance: {
    service: "cvm",
    does: "installs another image and leaves the expiry alone",
    given: (client) => describeInstance(client, INSTANCE),
    params: { InstanceId: INSTANCE, ImageId: OTHER_IMAGE, LoginSettings: { Password: "Abc-12345" } },
    async shows(client, response, before) {
      assertOnlyRequestId(response);
      const { ImageId, OsName, ExpiredTime } = await describeInstance(client, INSTANCE);
      assert.deepEqual([ImageId, ExpiredTime], [OTHER_IMAGE, before.ExpiredTime]);
      assert.match(OsName, /^Ubuntu Server 22\.04/);
      await assertLatest(client, INSTANCE, "ResetInstance", "RUNNING");
    },
    refused: {
      behaviour: "an unknown image",
      params: { InstanceId: INSTANCE, ImageId: "img-zzzzzzzz" },
      code: "InvalidImageId.NotFound",
    },
  },
  ResetInstancesInternetMaxBandwidth: {
    service: "cvm",
    does: "changes the bandwidth",
    params: { InstanceIds: [INSTANCE], InternetAccessible: { InternetMaxBandwidthOut: 10 } },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeInstance(client, INSTANCE)).InternetAccessible.InternetMaxBandwidthOut, 10);
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  ResetInstancesPassword: {
    service: "cvm",
    does: "restarts an instance with another password",
    params: { InstanceIds: [INSTANCE], Password: "abc123ABC!@#", ForceStop: true },
    async shows(client) {
      assert.equal((await describeInstance(client, INSTANCE)).LatestOperation, "ResetInstancesPassword");
    },
    refused: { behaviour: "no InstanceIds", params: {}, code: "MissingParameter" },
  },
  ResetInstancesType: {
    service: "cvm",
    does: "changes type, cores and memory and leaves the expiry alone",
    given: (client) => describeInstance(client, INSTANCE),
    params: { InstanceType: LARGER_TYPE, InstanceIds: [INSTANCE], ForceStop: true },
    async shows(client, response, before) {
      assertOnlyRequestId(response);
      const { InstanceType, CPU, Memory, ExpiredTime } = await describeInstance(client, INSTANCE);
      assert.deepEqual([InstanceType, CPU, Memory, ExpiredTime], [LARGER_TYPE, 4, 16, before.ExpiredTime]);
      await assertLatest(client, INSTANCE, "ResetInstancesType", "RUNNING");
    },
    refused: {
      behaviour: "a running instance that is not to be stopped",
      params: { InstanceType: LARGER_TYPE, InstanceIds: [INSTANCE] },
      code: "UnsupportedOperation.InstanceStateRunning",
    },
  },
  ResizeDisk: {
    service: "cbs",
    does: "makes a disk larger",
    params: { DiskSize: 200, DiskId: DISK },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, DISK)).DiskSize, 200);
    },
    refused: { behaviour: "no DiskSize", params: {}, code: "MissingParameter" },
  },
  ResizeInstanceDisks: {
    service: "cvm",
    does: "lets the system disk grow",
    params: LARGER_DISK,
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeInstance(client, INSTANCE)).SystemDisk.DiskSize, 120);
    },
    refused: { behaviour: "no InstanceId", params: {}, code: "MissingParameter" },
  },
  RunInstances: {
    service: "cvm",
    does: "makes prepaid instances as they were ordered",
    params: { ...PREPAID, InstanceName: "web", InstanceCount: 2 },
    async shows(client, { InstanceIdSet }) {
      assert.equal(new Set(InstanceIdSet).size, 2);
      for (const [index, id] of InstanceIdSet.entries()) {
        const found = await describeInstance(client, id);
        for (const name of ["InstanceType", "InstanceChargeType", "ImageId"]) assert.equal(found[name], PREPAID[name]);
        assert.deepEqual([found.InstanceName, found.RenewFlag], [`web${index + 1}`, "NOTIFY_AND_AUTO_RENEW"]);
        assert.deepEqual([found.InstanceState, found.LatestOperation], ["RUNNING", null]);
        assert.equal(found.ExpiredTime, apiTime(addMonths(found.CreatedTime, 3)));
        assert.deepEqual(found.DataDisks.map(({ DiskType, DiskSize }) => [DiskType, DiskSize]), [["CLOUD_PREMIUM", 100]]);
        assert.equal(found.InternetAccessible.InternetMaxBandwidthOut, 2);
        assert.equal(found.PublicIpAddresses.length, 1);
      }
    },
    refused: {
      behaviour: "an account without money",
      with: key("nomoney"),
      params: PREPAID,
      code: "InvalidAccount.InsufficientBalance",
    },
  },
  SetRenewal: {
    service: "billing",
    does: "sets flag and period, as DescribeRenewInstances shows",
    params: RENEWAL_SETTING,
    async shows(client, { InstanceList }) {
      assert.deepEqual(InstanceList, [], "only failures are listed");
      const listed = await client.billing("DescribeRenewInstances", { MaxResults: 1, InstanceIdList: [INSTANCE] });
      const [{ InstanceId, RenewFlag, RenewPeriod, RenewPeriodUnit }] = listed.InstanceList;
      assert.deepEqual(
        [InstanceId, RenewFlag, RenewPeriod, RenewPeriodUnit],
        [INSTANCE, "NOTIFY_AND_AUTO_RENEW", 3, "m"],
      );
    },
    refused: {
      behaviour: "a product that does not offer this",
      params: { ...RENEWAL_SETTING, ProductCode: "p_cos" },
      code: "UnsupportedOperation.NOT_SUPPORT_THIS_ACTION",
    },
  },
  StartInstances: power("StartInstances", "ins-stopped0", "RUNNING", INSTANCE, "Running"),
  StopInstances: power("StopInstances", INSTANCE, "STOPPED", "ins-stopped0", "Stopped"),
  TagResources: {
    service: "tag",
    does: "tags an instance and a disk, and names what it cannot",
    params: {
      ResourceList: [
        `qcs::cvm:ap-guangzhou::instance/${INSTANCE}`,
        `qcs::cbs:ap-guangzhou::instance/${DISK}`,
        `qcs::cvm:ap-guangzhou::instance/${UNKNOWN_INSTANCE}`,
      ],
      Tags: [{ TagKey: "stage", TagValue: "test" }],
    },
    async shows(client, { FailedResources }) {
      assert.deepEqual(FailedResources.map(({ Code }) => Code), ["InvalidParameterValue.ResourceDescriptionError"]);
      assert.deepEqual(await tagsOn(client, INSTANCE), [["stage", "test"]]);
      const filtered = { Filters: [{ Name: "tag:stage", Values: ["test"] }] };
      const { DiskSet } = await client.cbs("DescribeDisks", filtered);
      assert.deepEqual(DiskSet.map(({ DiskId }) => DiskId), [DISK]);
    },
    refused: {
      behaviour: "a key of the system",
      params: { ResourceList: [TAGGED], Tags: [{ TagKey: "qcs:a", TagValue: "b" }] },
      code: "InvalidParameter.ReservedTagKey",
    },
  },
  TerminateDisks: {
    service: "cbs",
    does: "moves a disk into the recycle bin",
    params: { DiskIds: [DISK] },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeDisk(client, DISK)).DiskState, "TORECYCLE");
    },
    refused: { behaviour: "no DiskIds", params: {}, code: "MissingParameter" },
  },
  TerminateInstances: {
    service: "cvm",
    does: "brings a prepaid instance to the recycle bin",
    params: { InstanceIds: [INSTANCE] },
    async shows(client, response) {
      assertOnlyRequestId(response);
      assert.equal((await describeInstance(client, INSTANCE)).IsolatedSource, "MANMADE");
      await assertLatest(client, INSTANCE, "TerminateInstances", "SHUTDOWN");
    },
    refused: {
      behaviour: "an instance that is protected",
      params: { InstanceIds: ["ins-protectd"] },
      code: "UnsupportedOperation.InstancesProtected",
    },
  },
  UnTagResources: {
    service: "tag",
    does: "takes a tag away",
    params: { ResourceList: [TAGGED], TagKeys: ["team", "never"] },
    async shows(client, { FailedResources }) {
      assert.deepEqual(FailedResources, []);
      assert.deepEqual(await tagsOn(client, OTHER_INSTANCE), []);
    },
    refused: { behaviour: "no ResourceList", params: {}, code: "MissingParameter" },
  },
};

module.exports = { ACTIONS };
