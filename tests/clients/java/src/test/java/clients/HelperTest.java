package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import cvmemulator.CvmEmulator;
import cvmemulator.CvmEmulator.Account;
import cvmemulator.CvmEmulator.Accounts;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HelperTest {
    @RegisterExtension
    static final CvmEmulator EMULATOR = new CvmEmulator("--fixtures", "../account.json");

    @Test
    void verifyTellsTheReason(Account account) {
        AssertionError error = assertThrows(AssertionError.class,
                () -> account.verify("{\"match\": {\"action\": \"RenewInstances\"}, \"exactly\": 1}"));
        assertEquals("calls are not as expected: expected exactly 1 call of this kind, found 0",
                error.getMessage().lines().findFirst().orElseThrow());
    }

    @Test
    void refusalTellsTheReason(Account account) {
        AssertionError error = assertThrows(AssertionError.class, () -> account.advance("tomorrow"));
        assertTrue(error.getMessage().startsWith("POST /_emulator/clock?account=" + account.uin + ": "), error.getMessage());
        assertTrue(error.getMessage().contains("ISO 8601 duration"), error.getMessage());
    }

    @Test
    void clock(Account account) {
        account.freezeClock(true);
        account.setClock(Instant.parse("2030-01-20T00:00:00Z"));
        account.advance("P1M");
        JsonObject clock = JsonParser.parseString(account.control("GET", "clock", null)).getAsJsonObject();
        assertEquals("2030-02-20T00:00:00Z", clock.get("now").getAsString());
        assertTrue(clock.get("frozen").getAsBoolean());
    }

    @Test
    void accountsEndWithTheirTest(Accounts accounts) {
        Account account = accounts.make("{}");
        accounts.close();
        AssertionError error = assertThrows(AssertionError.class, () -> account.calls(""));
        assertTrue(error.getMessage().contains(account.uin), error.getMessage());
    }
}
