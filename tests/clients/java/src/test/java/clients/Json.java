package clients;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Map;

/** Answers beside what is expected of them. */
final class Json {
    private Json() {}

    /**
     * Where an answer lacks what is expected of it, "" if nowhere. It may have more members than expected, lists have as
     * many elements, and null is also a member that is not there.
     */
    static String difference(JsonElement want, JsonElement got) {
        return difference("", want, got);
    }

    private static String difference(String path, JsonElement want, JsonElement got) {
        if (want instanceof JsonObject wanted && got instanceof JsonObject gotten) {
            for (Map.Entry<String, JsonElement> member : wanted.entrySet()) {
                JsonElement value = gotten.has(member.getKey()) ? gotten.get(member.getKey()) : JsonNull.INSTANCE;
                String difference = difference(path + "/" + member.getKey(), member.getValue(), value);
                if (!difference.isEmpty()) return difference;
            }
            return "";
        }
        if (want instanceof JsonArray wanted && got instanceof JsonArray gotten) {
            if (wanted.size() != gotten.size()) {
                return path + " has " + gotten.size() + " elements, expected are " + wanted.size();
            }
            for (int index = 0; index < wanted.size(); index++) {
                String difference = difference(path + "/" + index, wanted.get(index), gotten.get(index));
                if (!difference.isEmpty()) return difference;
            }
            return "";
        }
        return want.equals(got) ? "" : path + " is " + got + ", expected is " + want;
    }
}
