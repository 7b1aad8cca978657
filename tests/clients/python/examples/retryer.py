"""A retryer in place of StandardRetryer, which repeats a call that has succeeded."""

# snippet: retryer
import time

from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.retry import StandardRetryer


class Retryer(StandardRetryer):
    """Ends with the first success, and repeats only what was refused: a call whose answer is lost may be paid."""

    def send_request(self, fn):
        for attempt in range(self._max_attempts):
            try:
                return fn()
            except TencentCloudSDKException as error:
                refused = error.get_code().startswith("RequestLimitExceeded")
                if not refused or attempt + 1 == self._max_attempts:
                    raise
            time.sleep(self._backoff_fn(attempt))
# snippet: end
