package penstock.link.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.ring.ConflationClass;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;

/** Text messages of a relay, its books, and what it is asked for. */
class LinkTextTest {
    private static final String WELCOME = "{\"type\":\"welcome\",\"protocol\":\"penstock.v1\",\"epoch\":7,"
        + "\"hops\":[\"a~1\",\"b~2\"],\"feed\":{\"name\":\"x\",\"state\":\"stale\",\"channels\":[{\"name\":\"quote\","
        + "\"class\":\"last-value\",\"default\":true}]},\"limits\":{\"subscriptions\":50,\"symbols\":5000,"
        + "\"frameBytes\":262144,\"requestsPerSecond\":20,\"minInterval\":0,\"maxInterval\":60000},\"heartbeat\":250}";

    @Test
    void shouldReadTheWelcome() {
        final Welcome one = Welcome.of(parse(WELCOME));
        assertThat(one).isEqualTo(new Welcome(7, List.of("a~1", "b~2"), List.of(new Welcome.Feed("x", FeedState.STALE,
            null, 0, false, List.of(new Welcome.Channel("quote", ConflationClass.LAST_VALUE, true)))), 5_000, 262_144,
            0, 250));

        final Welcome several = Welcome.of(parse(WELCOME.replace("\"limits\"", "\"feeds\":[{\"name\":\"x\",\"state\":"
            + "\"live\",\"lost\":17,\"onDemand\":true,\"channels\":[]},{\"name\":\"y\",\"state\":\"closed\",\"reason\":"
            + "\"removed\",\"channels\":[]}],\"limits\"")));
        assertThat(several.feeds()).containsExactly(
            new Welcome.Feed("x", FeedState.LIVE, null, 17, true, List.of()),
            new Welcome.Feed("y", FeedState.CLOSED, "removed", 0, false, List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"penstock.v1\" | \"penstock.v2\" | /protocol of a message welcome is not penstock.v1",
        "\"epoch\":7 | \"epoch\":\"7\" | /epoch of a message welcome is no integer",
        "\"epoch\":7 | \"epoch\":0 | /epoch of a message welcome is 0",
        "\"epoch\":7 | \"epoch\":-7 | /epoch of a message welcome is negative",
        "\"epoch\":7, | `` | /epoch of a message welcome is missing",
        "\"hops\":[\"a~1\" | \"hops\":[1 | /hops of a message welcome has something else than texts",
        "last-value | newest | /feed/channels/class of a message null is one that this relay does not know",
        "\"state\":\"stale\" | \"state\":\"odd\" | /feed/state of a message null is none of live, stale and closed",
        "\"feed\":{\"name\" | \"feed\":[],\"more\":{\"name\" | /feed of a message welcome is no object",
        "\"heartbeat\" | \"beat\" | /heartbeat of a message welcome is missing",
    })
    void shouldRefuseAnotherWelcome(final String what, final String by, final String why) {
        assertThat(WELCOME).contains(what);
        assertThatThrownBy(() -> Welcome.of(parse(WELCOME.replace(what, by))))
            .isInstanceOf(BadMessageException.class).hasMessageStartingWith(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "[]", "{", "{\"a\":1}{}", "{\"a\":1} x", "{\"a\":99999999999999999999}",
        "{\"a\":[[[[[[[[[1]]]]]]]]]}", "{'a':1}"})
    void shouldRefuseWhatIsNoObject(final String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadMessageException.class)
            .hasMessageStartingWith("a text message is ").hasMessageContaining("JSON");
    }

    @Test
    void shouldReadAPosition() {
        assertThat(position("{\"type\":\"position\",\"p\":0}")).isZero();
        assertThat(position("{\"type\":\"position\",\"p\":123456789012345678}")).isEqualTo(123_456_789_012_345_678L);
        for (final String other : List.of("", "{\"type\":\"position\",\"p\":}", "{\"type\":\"position\",\"p\":1 }",
                "{\"type\":\"position\",\"p\":-1}", "{\"type\":\"position\",\"q\":1}",
                "{\"type\":\"position\",\"p\":1234567890123456789}", "{\"type\":\"position\",\"p\":12")) {
            assertThat(position(other)).as(other).isEqualTo(-1);
        }
    }

    @Test
    void shouldReadLevels() {
        final byte[] bytes = (" {\"bids\":[[1.10,2],[\"1.0\",\"0.50\"],[1,0]],\"asks\":[[-1e5,0.0]]}")
            .getBytes(StandardCharsets.UTF_8);
        final LevelBuffer written = new BookLevels().read(bytes, 1, bytes.length - 1);
        final LevelBuffer reader = new LevelBuffer().wrap(written.buffer(), 0, written.length());
        final StringBuilder levels = new StringBuilder();
        while (reader.next()) {
            levels.append(reader.side()).append(' ')
                .append(new String(reader.buffer(), reader.priceOffset(), reader.priceLength(),
                    StandardCharsets.UTF_8))
                .append('=').append(new String(reader.buffer(), reader.sizeOffset(), reader.sizeLength(),
                    StandardCharsets.UTF_8)).append("; ");
        }
        assertThat(levels).hasToString("0 1.10=2; 0 \"1.0\"=\"0.50\"; 0 1=; 1 -1e5=0.0; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"bids\":[],\"asks\":[]", "{\"bids\":[],\"asks\":[]}}",
        "{\"asks\":[],\"bids\":[]}", "{\"bids\":[[1]],\"asks\":[]}", "{\"bids\":[[1,2,3]],\"asks\":[]}",
        "{\"bids\":[[1,\"2]],\"asks\":[]}", "{\"bids\":[[,2]],\"asks\":[]}", "{\"bids\":[[a,2]],\"asks\":[]}",
        "{\"bids\":[[1,2],],\"asks\":[]}", "{\"bids\":[[1,2", "{\"bids\":[[\"\",2]],\"asks\":[]}"})
    void shouldRefuseABookOfSomethingElse(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new BookLevels().read(bytes, 0, bytes.length))
            .isInstanceOf(BadMessageException.class).hasMessageStartingWith("a book has something else than levels");
    }

    @Test
    void shouldRefuseALevelThatIsTooLong() {
        final byte[] bytes = ("{\"bids\":[[" + "1".repeat(256) + ",1]],\"asks\":[]}").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new BookLevels().read(bytes, 0, bytes.length))
            .isInstanceOf(BadMessageException.class);
    }

    @Test
    void shouldAskForEachClassWhatALinkNeeds() {
        assertThat(request(null, ConflationClass.LAST_VALUE, 0, "*")).isEqualTo("{\"op\":\"subscribe\",\"id\":1,"
            + "\"sub\":\"3\",\"channel\":\"c\",\"mode\":\"conflate\",\"payload\":true,\"interval\":1,"
            + "\"symbols\":[\"*\"]}");
        assertThat(request("f", ConflationClass.EVENT, 9, "A", "\"")).isEqualTo("{\"op\":\"subscribe\",\"id\":1,"
            + "\"sub\":\"3\",\"feed\":\"f\",\"channel\":\"c\",\"mode\":\"all\",\"overflow\":\"gap\",\"payload\":true,"
            + "\"resume\":{\"epoch\":7,\"p\":9,\"symbols\":[\"*\"]},\"symbols\":[\"A\",\"\\\"\"]}");
        assertThat(request(null, ConflationClass.MERGE, 0, "*")).contains("\"delta\":true");
        assertThat(request(null, ConflationClass.ORDER_BOOK, 0, "*")).doesNotContain("delta", "payload");
        assertThat(SubscribeRequest.pattern("a*b")).isEqualTo("a\\*b");
    }

    private static String request(final String feed, final ConflationClass conflation, final long p,
            final String... symbols) {
        return new String(new SubscribeRequest("3", feed, "c", conflation, 1).subscribe(1, List.of(symbols), 7, p),
            StandardCharsets.UTF_8);
    }

    private static long position(final String text) {
        final byte[] bytes = ('x' + text + 'x').getBytes(StandardCharsets.UTF_8);
        return PositionMessage.read(bytes, 1, bytes.length - 2);
    }

    private static MessageFields parse(final String text) {
        final byte[] bytes = (' ' + text).getBytes(StandardCharsets.UTF_8);
        return MessageFields.parse(bytes, 1, bytes.length - 1);
    }
}
