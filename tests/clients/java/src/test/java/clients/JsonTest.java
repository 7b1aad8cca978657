package clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", value = {
        "{\"a\": 1}              | {\"a\": 1.0, \"b\": 2} | ''",
        "{\"a\": null}           | {}                     | ''",
        "{\"a\": {\"b\": [\"x\"]}} | {\"a\": {\"b\": [\"y\"]}} | '/a/b/0 is \"y\", expected is \"x\"'",
        "{\"a\": []}             | {\"a\": [\"x\"]}       | '/a has 1 elements, expected are 0'",
        "{\"a\": {}}             | {\"a\": \"x\"}         | '/a is \"x\", expected is {}'",
        "{\"a\": 1}              | {}                     | '/a is null, expected is 1'",
    })
    void difference(String want, String got, String difference) {
        assertEquals(difference, Json.difference(JsonParser.parseString(want), JsonParser.parseString(got)));
    }
}
