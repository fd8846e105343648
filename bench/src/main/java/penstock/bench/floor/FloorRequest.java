package penstock.bench.floor;

import java.util.ArrayList;
import java.util.List;

/** Where symbols stand: in quotes in a client's text, at the start of the feed's messages. Stateless. */
final class FloorRequest {
    /** How every message of the feed begins; a symbol and a quote follow. */
    static final String MESSAGE_HEAD = "{\"symbol\":\"";

    /** The reply to a client that has named symbols. */
    static final String ANSWER = "{\"status\":\"ok\"}";

    private FloorRequest() {
    }

    /** All that stands in quotes. */
    static List<String> in(final String text) {
        final List<String> names = new ArrayList<>();
        int from = text.indexOf('"');
        while (from >= 0) {
            final int to = text.indexOf('"', from + 1);
            if (to < 0) {
                break;
            }
            names.add(text.substring(from + 1, to));
            from = text.indexOf('"', to + 1);
        }
        return names;
    }

    /** The symbol of a message of the feed; empty when it has none. */
    static String of(final String message) {
        final int from = MESSAGE_HEAD.length();
        final int to = message.startsWith(MESSAGE_HEAD) ? message.indexOf('"', from) : -1;
        return to < 0 ? "" : message.substring(from, to);
    }
}
