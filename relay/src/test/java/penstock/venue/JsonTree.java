package penstock.venue;

import java.util.List;
import java.util.Map;
import penstock.testkit.ParsedJson;

/** A message as jackson-core reads it: maps, lists, and the text of everything else. */
public final class JsonTree {
    private final Object value;

    private JsonTree(final Object value) {
        this.value = value;
    }

    public static JsonTree of(final byte[] message) {
        return new JsonTree(ParsedJson.texts(message));
    }

    /** What is there; a tree of nothing if it is not. A negative number counts from the end. */
    JsonTree at(final Object... path) {
        Object at = value;
        for (final Object step : path) {
            if (at instanceof Map<?, ?> map && step instanceof String) {
                at = map.get(step);
            } else if (at instanceof List<?> list && step instanceof Integer index) {
                final int i = index < 0 ? list.size() + index : index;
                at = i >= 0 && i < list.size() ? list.get(i) : null;
            } else {
                at = null;
            }
        }
        return new JsonTree(at);
    }

    public String text(final Object... path) {
        final Object at = at(path).value;
        return at instanceof String ? (String) at : "";
    }

    long number(final Object... path) {
        return Long.parseLong(text(path));
    }

    boolean has(final Object... path) {
        return at(path).value != null;
    }

    boolean isList() {
        return value instanceof List<?>;
    }

    /** The names in an object. */
    List<String> names(final Object... path) {
        return at(path).value instanceof Map<?, ?> map ? map.keySet().stream().map(String::valueOf).toList()
            : List.of();
    }

    List<JsonTree> list(final Object... path) {
        return at(path).value instanceof List<?> list ? list.stream().map(each -> new JsonTree(each)).toList()
            : List.of();
    }
}
