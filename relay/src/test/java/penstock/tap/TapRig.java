package penstock.tap;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;

/** What a tap printed, and the relay that it reads. */
abstract class TapRig<R extends TapRig.Relay> {
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
        @Override
        public final void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
            onRequest(client, new String(buffer, offset, length, StandardCharsets.UTF_8));
        }

        /** A request of the tap. */
        abstract void onRequest(FeedClient client, String request);

        /** Sends a message; {@code close CODE} ends the connection instead, with a reason. */
        static void send(final FeedClient client, final String message, final String reason) {
            if (message.startsWith("close ")) {
                client.close(Integer.parseInt(message.substring(6)), reason);
            } else {
                client.send(message);
            }
        }
    }
}
