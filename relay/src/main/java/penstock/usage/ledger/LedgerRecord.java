package penstock.usage.ledger;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A record as it was read: members by name, each as text. Immutable. */
public final class LedgerRecord {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> members;

    private LedgerRecord(final Map<String, String> members) {
        this.members = members;
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is no JSON object of texts, numbers, true, false and null
     */
    static LedgerRecord parse(final byte[] line, final int length) throws IOException {
        final Map<String, String> members = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String name = parser.currentName();
                if (!parser.nextToken().isScalarValue()) {
                    throw new IOException(name + " is not a single value");
                }
                members.put(name, parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText());
            }
        } catch (final JacksonException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
        if (members.get("type") == null) {
            throw new IOException("it has no type");
        }
        return new LedgerRecord(members);
    }

    /** The kind of record. */
    public String type() {
        return members.get("type");
    }

    /** A member as text; null if it is {@code null}. */
    public String text(final String name) {
        if (!members.containsKey(name)) {
            throw new IllegalArgumentException("a record of type " + type() + " has no " + name);
        }
        return members.get(name);
    }

    /** A member that is a whole number. */
    public long number(final String name) {
        return Long.parseLong(text(name));
    }

    /** A member that is true or false. */
    public boolean flag(final String name) {
        return Boolean.parseBoolean(text(name));
    }
}
