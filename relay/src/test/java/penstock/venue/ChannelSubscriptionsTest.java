package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.ConfigException;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/** Several subscriptions for one channel, and one for all symbols of a channel: what a venue file says of them. */
class ChannelSubscriptionsTest {
    /** With %s: the keys of {@code subscribe}. */
    private static final String FILE = """
        name = parts
        channels { quote { default = true }, book { }, mark { } }
        subscribe {
          %s
        }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
        """;

    @Test
    void shouldMakeAnItemOfEachNameOfAChannel() {
        final SubscribeSpec subscribe =
            spec("message = \"{topics|json} {id}\", unsubscribe = \"-{topics|json}\""
                + ", topic { quote = \"q.{symbol}\", mark = marks, book = [\"c.{symbol}\", \"w.{symbol}\", \"q.{symbol}\"] }");
        final List<Item> items = subscribe.items(List.of("quote", "book", "mark"), List.of("A", "B"));
        assertThat(items).extracting(Item::topic)
            .containsExactly("q.A", "q.B", "c.A", "w.A", "c.B", "w.B", "marks");
        assertThat(subscribe.batches(items)).hasSize(1);
        assertThat(subscribe.message(items.subList(2, 4), 7)).isEqualTo("[\"c.A\",\"w.A\"] 7");
        assertThat(subscribe.items("book", "A")).extracting(Item::topic).containsExactly("c.A", "w.A", "q.A");
    }

    @Test
    void shouldMakeAnItemOfEachMessageOfAChannel() {
        final SubscribeSpec subscribe = spec("message { quote = \"q {symbols}\", mark = \"all marks\", "
            + "book = [\"c {symbols}\", \"w {symbols}\"] }, "
            + "unsubscribe { quote = \"-q {symbols}\", mark = \"-all marks\", book = [\"-c {symbols}\", \"-w {symbols}\"] }");
        final List<Item> items = subscribe.items(List.of("book", "mark"), List.of("A", "B"));
        assertThat(subscribe.batches(items).stream().map(batch -> subscribe.message(batch, 1)))
            .containsExactly("c A,B", "w A,B", "all marks");
        assertThat(subscribe.batches(items).stream().map(batch -> subscribe.unsubscribeMessage(batch, 1)))
            .containsExactly("-c A,B", "-w A,B", "-all marks");
    }

    @Test
    void shouldFillOneMessageOfAChannelWithEachOfItsNames() {
        final SubscribeSpec subscribe = spec("message { quote = \"q {symbols}\", book = \"sub {topics}\" }, "
            + "unsubscribe { quote = \"-\", book = \"unsub {topics}\" }, topic { book = [\"c.{symbol}\", \"w.{symbol}\"] }, batch = 1");
        final List<Item> items = subscribe.items("book", "A");
        assertThat(subscribe.batches(items).stream().map(batch -> subscribe.message(batch, 1)))
            .containsExactly("sub c.A", "sub w.A");
        assertThat(subscribe.unsubscribeMessage(items.subList(1, 2), 1)).isEqualTo("unsub w.A");
    }

    @Test
    void shouldLimitTheMessagesOfEachChannel() {
        final SubscribeSpec subscribe = spec("message { quote = \"q {symbols|join(,)} and no end of text before the limit of sixty-four bytes\", "
            + "book = [\"c {symbols}\", \"w {symbols}\"], mark = \"m {symbols}\" }, batch { book = 2 }, max-bytes { quote = 66 }");
        final List<Item> items = subscribe.items(List.of("quote", "book", "mark"), List.of("AAAAA", "BBBBB", "CCCCC"));
        assertThat(subscribe.batches(items).stream()
            .map(batch -> subscribe.message(batch, 1).replaceFirst(" and no .*", "")))
            .containsExactly("q AAAAA", "q BBBBB", "q CCCCC", "c AAAAA,BBBBB", "c CCCCC", "w AAAAA,BBBBB", "w CCCCC",
                "m AAAAA,BBBBB,CCCCC");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "message { quote = a, book = [\"{topics}\", \"{topics}\"] }, topic { book = [a, b, c] }; v.conf:4: subscribe.topic.book: has 3 names, and message has 2 texts for this channel; give as many, or one for all",
        "message { quote = a, book = [a, \"{topics}\"] }; v.conf:3: subscribe.topic: must give the venue's topic name for channel book: book = \"{symbol}\"",
        "message { quote = a, book = [] }; v.conf:4: subscribe.message.book: must be a text, or a list of texts: one for each subscription",
        "message { quote = a, book = [a, b] }, unsubscribe { quote = a, book = [a, b, c] }; v.conf:4: subscribe.unsubscribe.book: has 3 texts, and message has 2 for this channel; give as many, or one for all"})
    void shouldRefuseMistakes(final String written, final String message) {
        assertThatThrownBy(() -> spec(written)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    private static SubscribeSpec spec(final String written) {
        return VenueReader.read(new StringReader(FILE.formatted(written)), "v.conf", name -> null).subscribe();
    }
}
