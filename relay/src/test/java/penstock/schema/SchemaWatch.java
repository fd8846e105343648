package penstock.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import penstock.testkit.ReceivedTexts;

/**
 * In every test the messages that clients receive are held to the schema of the protocol: one of each shape, which
 * costs a test with 100,000 messages some tens of milliseconds. JUnit finds this in {@code META-INF/services}. Any
 * thread.
 */
public final class SchemaWatch implements BeforeAllCallback {
    private static final Set<Long> SEEN = ConcurrentHashMap.newKeySet();
    private static final String START = "{\"type\":\"";
    /** By HTTP. */
    private static final List<String> ANSWERS = List.of("{\"epoch\":", "{\"ready\":", "{\"ticket\":", "{\"channel\":\"");

    @Override
    public void beforeAll(final ExtensionContext context) {
        ReceivedTexts.watch(SchemaWatch::check);
    }

    /** A text that is no message of the protocol is none of its business: a payload of a venue, for example. */
    static void check(final String text) {
        if (isOfProtocol(text) && SEEN.add(MessageShape.of(text))) {
            final JsonNode message = ProtocolSchema.parse(text);
            final String kind = ProtocolSchema.SERVED.kind(message);
            if (kind == null) {
                throw new AssertionError("no message of " + ProtocolSchema.FILE + " is like " + text);
            }
            final Set<ValidationMessage> faults = ProtocolSchema.SERVED.faults(kind, message);
            if (!faults.isEmpty()) {
                throw new AssertionError(
                    "'" + kind + "' of " + ProtocolSchema.FILE + " does not fit " + text + ": " + faults);
            }
        }
    }

    /** Venues have messages of these types, too; the field behind the type is the relay's. */
    private static boolean isOfProtocol(final String text) {
        if (!text.startsWith(START)) {
            return ANSWERS.stream().anyMatch(text::startsWith);
        }
        final int end = text.indexOf('"', START.length());
        final String next = text.substring(end + 1, Math.min(text.length(), end + 12));
        return switch (text.substring(START.length(), end)) {
            case "welcome" -> next.startsWith(",\"protocol\"");
            case "ack" -> next.startsWith(",\"id\"") || next.startsWith(",\"op\"");
            case "snapshot", "update", "rows", "topics", "gap" -> next.startsWith(",\"sub\"");
            case "status" -> next.startsWith(",\"scope\"");
            case "heartbeat", "pong" -> next.startsWith(",\"ts\"") || next.startsWith(",\"id\"");
            case "notice" -> next.startsWith(",\"level\"");
            case "error" -> next.startsWith(",\"id\"") || next.startsWith(",\"status\"");
            default -> false;
        };
    }
}
