package penstock.tap;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;

/** What a tap printed, and the relay that it reads. */
abstract class TapRig<R extends TapRig.Relay> {
    /** The members of a welcome that a client needs. */
    static final String TERMS = ",\"limits\":{\"minInterval\":0,\"maxInterval\":60000},\"heartbeat\":60000}";
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    final R script;
    final FeedServer server;

    TapRig(final R script) {
        this.script = script;
        server = FeedServer.start(0, script);
    }

    @AfterEach
    final void stop() {
        server.close();
    }

    final PrintStream print() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    final List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** A relay that does what the test has prepared. Owned by the server's thread. */
    abstract static class Relay implements FeedScript {
        private static final Pattern SUBSCRIBE =
            Pattern.compile("\\{\"op\":\"subscribe\",\"sub\":\"(\\w+)\".*\"id\":(\\d+)}");

        @Override
        public final void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
            final Matcher subscribe =
                SUBSCRIBE.matcher(new String(buffer, offset, length, StandardCharsets.UTF_8));
            if (subscribe.matches()) {
                onSubscribe(client, subscribe.group(), subscribe.group(1), Integer.parseInt(subscribe.group(2)));
            }
        }

        /** The tap subscribes, by this name and with this id. */
        abstract void onSubscribe(FeedClient client, String request, String sub, int id);

        /**
         * Answers a subscribe: an ack comes before anything else of it. {@code close CODE} ends the connection instead,
         * with a reason. In messages the subscription is called 0, and the request is number 1.
         */
        static void answer(final FeedClient client, final List<String> messages, final String sub, final int id,
                final String reason) {
            if (messages.get(0).contains("\"snapshot\"")) {
                client.send("{\"type\":\"ack\",\"id\":" + id + ",\"op\":\"subscribe\",\"sub\":\"" + sub
                    + "\",\"replaces\":\"all\",\"resumed\":false}");
            }
            for (final String message : messages) {
                if (message.startsWith("close ")) {
                    client.close(Integer.parseInt(message.substring(6)), reason);
                } else {
                    client.send(message.replace("\"sub\":\"0\"", "\"sub\":\"" + sub + '"')
                        .replace("\"id\":1,", "\"id\":" + id + ","));
                }
            }
        }
    }
}
