package penstock.oracle;

import java.io.StringReader;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** The rules of the simulated venue. */
public final class VenueFile {
    /** No frame for so long: the connection is lost. */
    static final long SILENCE_MS = 2_000;

    private static final String TEXT = """
        name = oracle
        connection {
          idle { any-frame = 2s, data = 0 }
          reconnect { min = 20ms, max = 500ms, reset-after = 2s }
          connect-timeout = 1s
        }
        channels {
          quote { class = last-value, default = true }
          stats { class = merge }
          book { class = order-book }
          trade { class = event }
        }
        subscribe {
          topic { quote = "quote.{symbol}", stats = "stats.{symbol}", book = "book.{symbol}", trade = "trade.{symbol}" }
          message = \"""{"sub":{topics|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{topics|json},"id":{id}}\"""
          batch = 5
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 2s, retries = 2 }
        }
        messages {
          text = [ { equals = hb, as = heartbeat } ]
          rules = [
            { name = ok, match { "$/ok" = true }, as = ack }
            { name = quote, match { "$/ch" = quote }, channel = quote, key = "$/s", emit = "$/v"
              ts { at = "$/t", unit = us }, seq { rule = increment, at = "$/u" } }
            { name = stats, match { "$/ch" = stats }, channel = stats, key = "$/s", kind = "$/k", emit = "$/v"
              ts { at = "$/t", unit = us }, seq { rule = increment, at = "$/u", on-gap = resubscribe } }
            { name = book, match { "$/ch" = book }, channel = book, key = "$/s", kind = "$/k"
              ts { at = "$/t", unit = us }, seq { rule = increment, at = "$/u", on-gap = resubscribe }
              book { bids = "$/bids", asks = "$/asks", level = [0, 1] } }
            { name = trade, match { "$/ch" = trade }, channel = trade, key = "$/s", emit = "$/v"
              ts { at = "$/t", unit = us }, seq { rule = increment, at = "$/u" } }
          ]
        }
        replay { answers = [ { match { "$/sub" = "*" }, send = \"""{"ok":true,"id":{$/id}}\""", starts = true }
          { match { "$/unsub" = "*" }, send = \"""{"ok":true,"id":{$/id}}\""" } ] }
        """;

    private VenueFile() {
    }

    static String text() {
        return TEXT;
    }

    /** The rules. */
    public static Venue rules() {
        return VenueReader.read(new StringReader(TEXT), "oracle.conf", name -> null);
    }
}
