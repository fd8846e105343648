package penstock.server.auth;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.Deque;
import penstock.text.PrintableText;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * What a client calls the machine or program that it runs on: {@code device} in the query of any request for data.
 * Usage is counted by it. Stateless.
 */
public final class ClientDevice {
    private static final String FIELD = "device";
    private static final int MAX_CHARS = 128;
    private static final AttachmentKey<String> NAME = AttachmentKey.create(String.class);

    private ClientDevice() {
    }

    /**
     * Takes the name out of the query, and keeps it with the exchange.
     *
     * @throws RequestException if it cannot be one
     */
    public static void take(final HttpServerExchange exchange) throws RequestException {
        final Deque<String> names = exchange.getQueryParameters().remove(FIELD);
        if (names == null) {
            return;
        }
        final String name = names.getFirst();
        if (names.size() > 1 || name.isEmpty() || name.length() > MAX_CHARS
                || PrintableText.firstUnprintable(name) >= 0) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/" + FIELD,
                "device must be one name of 1 to " + MAX_CHARS + " characters, none of them a control character", null);
        }
        exchange.putAttachment(NAME, name);
    }

    /** The name that was taken; {@code address} without one. */
    public static String of(final HttpServerExchange exchange, final String address) {
        final String name = exchange.getAttachment(NAME);
        return name == null ? address : name;
    }
}
