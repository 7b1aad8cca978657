// snippet: renew-once
// After these nothing is certain, or nothing was done; an answer that was lost has no code at all.
const WORTH_ANOTHER_TRY = [undefined, "RequestLimitExceeded", "InternalError", "InternalServerError"];

// A renewal has no ClientToken: the expiry tells whether a try has worked.
export async function renewOnce(client, instanceId, months, tries = 3) {
  const InstanceIds = [instanceId];
  const expiry = async () => (await client.DescribeInstances({ InstanceIds })).InstanceSet[0].ExpiredTime;
  const before = await expiry();
  for (let tried = 1; ; tried++) {
    try {
      return await client.RenewInstances({ InstanceIds, InstanceChargePrepaid: { Period: months } });
    } catch (error) {
      if ((await expiry()) !== before) return; // the answer was lost, the renewal was not
      if (tried === tries || !WORTH_ANOTHER_TRY.includes(error.code)) throw error;
    }
  }
}
// snippet: end
