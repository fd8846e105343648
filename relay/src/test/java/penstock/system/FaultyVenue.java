package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import penstock.upstream.ScriptedServer;

/** A small venue with short timeouts: a tenth of a second instead of a minute. */
record FaultyVenue(String connection, String session, String more) {
    private static final String FILE =
        """
        name = faulty
        connection {
          max-frame = 64KiB
          idle { any-frame = 2s, data = 2s }
          reconnect { min = 20ms, max = 100ms, reset-after = 300ms }
          connect-timeout = 5s
          %s
        }
        session = [ %s ]
        channels { quote { class = last-value, default = true } }
        subscribe {
          message = \"""{"op":"subscribe","symbols":{symbols|json},"id":{id}}\"""
          ack { match { "$/op" = subscribed }, correlate = "$/id", mode = batch, timeout = 200ms, retries = 1 }
        }
        messages {
          text = [ { equals = pong, as = heartbeat } ]
          rules = [
            { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" }
            { name = ack, match { "$/op" = subscribed }, as = ack }
            { name = heartbeat, match { "$/op" = hb }, as = heartbeat }
          ]
        }
        replay { answers = [ { match { "$/op" = subscribe }, send = \"""{"op":"subscribed","id":{$/id}}\""",
        starts = true } ] }
        %s
        """;

    static FaultyVenue plain() {
        return new FaultyVenue("", "", "");
    }

    FaultyVenue connection(final String text) {
        return new FaultyVenue(text, session, more);
    }

    FaultyVenue session(final String text) {
        return new FaultyVenue(connection, text, more);
    }

    FaultyVenue more(final String text) {
        return new FaultyVenue(connection, session, text);
    }

    String file(final Path folder) throws IOException {
        return Files.writeString(folder.resolve("faulty.conf"), FILE.formatted(connection, session, more)).toString();
    }

    /** Upgrades and accepts the subscription. */
    static ScriptedServer.Peer subscribed(final ScriptedServer.Peer peer) throws Exception {
        final String request = peer.accept().read().text();
        assertThat(request).contains("\"subscribe\"", "BTCUSDT");
        return peer.text("{\"op\":\"subscribed\",\"id\":1}");
    }

    /** Listens until the relay hangs up, and answers its good-bye. */
    static void untilClosed(final ScriptedServer.Peer peer) throws IOException {
        ScriptedServer.Frame frame = peer.read();
        while (frame.opcode() != 8) {
            frame = peer.read();
        }
        peer.frame(0x88, frame.payload());
    }

    /** Says the same again and again until the relay hangs up. */
    static void keepTelling(final ScriptedServer.Peer peer, final String text) throws IOException {
        peer.socket.setSoTimeout(20);
        while (true) {
            peer.text(text);
            try {
                untilClosed(peer);
                return;
            } catch (final SocketTimeoutException e) {
                // time for the next
                continue;
            }
        }
    }

    static String quote(final String symbol, final Object value) {
        return "{\"s\":\"" + symbol + "\",\"v\":" + value + "}";
    }
}
