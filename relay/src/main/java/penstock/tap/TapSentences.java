package penstock.tap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Explains each message in one plain sentence.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapSentences {
    private int pieces;
    private int pieceTopics;

    /** The sentence of a message. */
    String of(final Map<String, String> message) throws IOException {
        return switch (message.getOrDefault("type", "?")) {
            case "welcome" -> "Connected; the feed is " + member(message.get("feed"), "state")
                + ". Sequence numbers are valid within epoch " + message.get("epoch") + ".";
            case "ack" -> ack(message);
            case "snapshot" -> snapshot(message);
            case "update" -> update(message);
            case "gap" -> "Gap: " + counted(message, "missed", "update")
                + " missed and not sent later; all others up to p " + message.get("p") + " were sent.";
            case "status" -> "symbols".equals(message.get("scope")) ? symbols(message) : feed(message);
            case "heartbeat" -> "No other message for a while; the connection is alive, and the "
                + (message.containsKey("feeds") ? "first feed is " : "feed is ") + message.get("feed") + ".";
            case "pong" -> "The relay answers a ping.";
            case "notice" -> "A message from the operator or the relay itself.";
            case "error" -> "A request was rejected"
                + ("true".equals(message.get("retry")) ? ": the client may try again later."
                : " and had no effect: unchanged, it would be rejected again.");
            default -> "An unknown type of message: ignore it.";
        };
    }

    private static String ack(final Map<String, String> message) throws IOException {
        if (!"subscribe".equals(message.get("op"))) {
            return "The relay has executed the request.";
        }
        final String effective = message.getOrDefault("effective", "{}");
        final Map<String, String> options = TapMessages.fields(effective);
        final List<String> parts = new ArrayList<>();
        parts.add(switch (options.getOrDefault("mode", "conflate")) {
            case "all" -> "every update";
            case "once" -> "one snapshot";
            default -> "0".equals(options.get("interval")) ? "the newest values as fast as they are read"
                : "the newest values, one per topic in " + options.get("interval") + " ms";
        });
        if (options.containsKey("fields")) {
            parts.add("only the fields " + String.join(", ", TapMessages.texts(options.get("fields"))));
        }
        if (options.containsKey("delta")) {
            parts.add("only changed fields in updates");
        }
        if (options.containsKey("depth")) {
            parts.add("the best " + options.get("depth") + " levels of each side");
        }
        if (options.containsKey("maxRate")) {
            parts.add("at most " + options.get("maxRate") + " updates per second");
        }
        if (options.containsKey("maxBytesPerSecond")) {
            parts.add("at most " + options.get("maxBytesPerSecond") + " bytes per second");
        }
        final int unknown = TapMessages.texts(message.getOrDefault("unknown", "[]")).size();
        return "Subscribed to " + counted(message, "matched", "topic") + ": " + String.join(", ", parts)
            + (unknown == 0 ? "." : "; " + unknown + " unknown symbols join when they appear.");
    }

    private String snapshot(final Map<String, String> message) throws IOException {
        final int topics = TapMessages.elements(message.getOrDefault("data", "[]")).size();
        final boolean isLast = "true".equals(message.get("last"));
        pieces++;
        pieceTopics += topics;
        final StringBuilder text = new StringBuilder();
        if (pieces == 1 && isLast) {
            text.append("A snapshot of ").append(count(topics, "topic"));
        } else {
            text.append("The ").append(isLast ? "last, " : "").append(ordinal(pieces))
                .append(" piece of a snapshot, with ")
                .append(count(topics, "topic"));
            text.append(isLast ? ", " + pieceTopics + " in all" : "; more follow");
        }
        text.append("true".equals(message.get("resumed"))
            ? ": those that changed since this client stopped, or are not live."
            : "one".equals(message.get("replaces")) ? ": whole, because their changes alone would not do."
            : ": the newest values.");
        if (isLast) {
            pieces = 0;
            pieceTopics = 0;
        }
        return text.toString();
    }

    private static String update(final Map<String, String> message) throws IOException {
        final long[] sums = new long[2];
        final String[] symbol = new String[1];
        TapMessages.entries(message.getOrDefault("data", "[]"), (name, entry) -> {
            sums[0]++;
            sums[1] += Long.parseLong(entry.getOrDefault("c", "0"));
            symbol[0] = name;
        });
        return "Update of " + (sums[0] == 1 ? symbol[0] : sums[0] + " values") + ": "
            + (sums[1] == 0 ? "nothing conflated."
            : count(sums[1], "update") + " conflated or without a visible change.");
    }

    private static String feed(final Map<String, String> message) {
        return switch (message.getOrDefault("state", "?")) {
            case "live" -> "The feed is live again; each topic is live with its next update.";
            case "closed" -> "The feed is closed permanently.";
            default -> "The feed is lost: the last values stay, but must not be used for trading.";
        };
    }

    private static String symbols(final Map<String, String> message) throws IOException {
        final List<String> symbols = TapMessages.texts(message.getOrDefault("symbols", "[]"));
        final String which = symbols.size() == 1 ? symbols.get(0) + " is " : symbols.size() + " symbols are ";
        return which + switch (message.getOrDefault("state", "?")) {
            case "live" -> "live again.";
            case "closed" -> "no longer provided by the venue.";
            case "denied" -> "no longer among your products: no more comes of it until it is live again.";
            default -> "stale: the last values stay, but must not be used for trading.";
        };
    }

    private static String member(final String object, final String name) throws IOException {
        return object == null ? "unknown"
            : TapMessages.fields(object).getOrDefault(name, "unknown");
    }

    private static String counted(final Map<String, String> message, final String name, final String what) {
        return count(Long.parseLong(message.getOrDefault(name, "0")), what);
    }

    private static String count(final long count, final String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String ordinal(final int number) {
        final int last = number % 10;
        final boolean isTeen = number % 100 / 10 == 1;
        return number
            + (last == 1 && !isTeen ? "st" : last == 2 && !isTeen ? "nd" : last == 3 && !isTeen ? "rd" : "th");
    }
}
