package penstock.tap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says in one plain sentence what a message means to who is sent it.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapSentences {
    private int pieces;
    private int pieceTopics;

    /** The sentence of a message. */
    String of(final Map<String, String> message) throws IOException {
        return switch (message.getOrDefault("type", "?")) {
            case "welcome" -> "The relay is there; its feed is " + member(message.get("feed"), "state")
                + ". Its numbers count within epoch " + message.get("epoch") + ".";
            case "ack" -> ack(message);
            case "snapshot" -> snapshot(message);
            case "update" -> update(message);
            case "gap" -> "Gap: " + counted(message, "missed", "update")
                + " missed, which will not come any more; all others up to p "
                + message.get("p") + " were sent.";
            case "status" -> "symbols".equals(message.get("scope")) ? symbols(message) : feed(message);
            case "heartbeat" -> "There was nothing else to say for a while; the connection lives, and the feed is "
                + message.get("feed") + ".";
            case "pong" -> "The relay answers a ping.";
            case "notice" -> "The operator, or the relay itself, has something to say.";
            case "error" -> "A request was refused"
                + ("true".equals(message.get("retry")) ? ": it may be tried again later."
                : " and did nothing: it would be refused again unchanged.");
            default -> "A kind of message that is not known here: to be ignored.";
        };
    }

    private static String ack(final Map<String, String> message) throws IOException {
        if (!"subscribe".equals(message.get("op"))) {
            return "The relay has done what it was asked.";
        }
        final String effective = message.getOrDefault("effective", "{}");
        final Map<String, String> terms = TapMessages.fields(effective.toCharArray(), 0, effective.length());
        final List<String> said = new ArrayList<>();
        said.add(switch (terms.getOrDefault("mode", "conflate")) {
            case "all" -> "every update";
            case "once" -> "the images, and that is all";
            default -> "0".equals(terms.get("interval")) ? "the newest values as fast as they are read"
                : "the newest values, one per topic in " + terms.get("interval") + " ms";
        });
        if (terms.containsKey("fields")) {
            said.add("only the fields " + String.join(", ", TapMessages.texts(terms.get("fields"))));
        }
        if (terms.containsKey("delta")) {
            said.add("of updates only what changed");
        }
        if (terms.containsKey("depth")) {
            said.add("the best " + terms.get("depth") + " levels of each side");
        }
        if (terms.containsKey("maxRate")) {
            said.add("at most " + terms.get("maxRate") + " updates per second");
        }
        if (terms.containsKey("maxBytesPerSecond")) {
            said.add("at most " + terms.get("maxBytesPerSecond") + " bytes per second");
        }
        final int unknown = TapMessages.texts(message.getOrDefault("unknown", "[]")).size();
        return "Subscribed to " + counted(message, "matched", "topic") + ": " + String.join(", ", said)
            + (unknown == 0 ? "." : "; " + unknown + " not known yet will join when they appear.");
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
        text.append("true".equals(message.get("resumed")) ? ": those that changed since this client stopped."
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
           
            + (sums[1] == 0 ? "none folded in." : count(sums[1], "update")
            + " folded in, or left out as they showed nothing new.");
    }

    private static String feed(final Map<String, String> message) {
        return switch (message.getOrDefault("state", "?")) {
            case "live" -> "The feed is there again; each topic is live with its next update.";
            case "closed" -> "The feed is closed for good.";
            default -> "The feed is lost: values are kept, but must not be traded on.";
        };
    }

    private static String symbols(final Map<String, String> message) throws IOException {
        final List<String> symbols = TapMessages.texts(message.getOrDefault("symbols", "[]"));
        final String which = symbols.size() == 1 ? symbols.get(0) + " is " : symbols.size() + " symbols are ";
        return which + switch (message.getOrDefault("state", "?")) {
            case "live" -> "good again.";
            case "closed" -> "given no more by the venue.";
            default -> "stale: the values are kept, but must not be traded on.";
        };
    }

    private static String member(final String object, final String name) throws IOException {
        return object == null ? "unknown"
            : TapMessages.fields(object.toCharArray(), 0, object.length()).getOrDefault(name, "unknown");
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
