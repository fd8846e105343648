package penstock.fanout;

import penstock.wire.ContentOptions;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.wire.request.Request;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;

/** The same name again changes how a running subscription is sent its topics, without a gap and without a repeat. */
class OptionChangeTest {
    private final ShardRig rig = new ShardRig(new SessionLimits(3, 10, 65_536, 20, 0, 60_000), 4096, 4 << 20, List.of(
        new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false),
        new Channel(2, "book", "order-book", false)));
    private final RecordingSocket socket = rig.socket();
    private final Session session = rig.open(socket, WebSocketFormat.PLAIN);

    @Test
    void shouldSendEveryUpdateFromTheChangeToModeAllOn() {
        rig.tick("A");
        change(SubscriptionOptions.of(Mode.CONFLATE, 1_000, null));
        rig.tick("A");
        rig.tick("A");
        ShardRig.texts(socket);
        change(SubscriptionOptions.of(Mode.ALL, -1, null));
        assertThat(ShardRig.texts(socket)).as("what was held back comes as an image").last().asString()
            .startsWith("{\"type\":\"snapshot\"").contains("{\"s\":\"A\",\"q\":3,\"v\"");
        rig.tick("A", "A");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":4,\"v\"", "\"q\":5,\"v\"");
    }

    @Test
    void shouldRepeatNothingThatWasSentBeforeTheChange() {
        rig.tick("A", "B");
        change(SubscriptionOptions.of(Mode.CONFLATE, 0, null));
        ShardRig.texts(socket);
        change(SubscriptionOptions.of(Mode.ALL, -1, null));
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"last\":true,\"data\":[]");
    }

    @Test
    void shouldConflateUpdatesThatModeAllHadNotSent() {
        rig.tick("A");
        change(SubscriptionOptions.of(Mode.ALL, -1, null));
        ShardRig.texts(socket);
        socket.takeOnly(10);
        rig.tick("A", "A");
        rig.tick("A", "A");
        change(SubscriptionOptions.of(Mode.CONFLATE, 0, null));
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).last().asString().contains("\"q\":5,\"c\":1,\"v\"");
        assertThat(texts).anyMatch(text -> text.contains("\"q\":2,\"v\"") && text.contains("\"q\":3,\"v\""));
        rig.tick("A");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":6,\"v\"");
    }

    @Test
    void shouldChangeOptionsWithoutNamingASymbol() {
        rig.tick("A");
        change(SubscriptionOptions.of(Mode.CONFLATE, 1_000, null));
        ShardRig.texts(socket);
        session.onRequest(new Request.Change("7", "0", true, SubscriptionOptions.of(null, 40, null)));
        session.onRequest(new Request.Change("8", "other", true, SubscriptionOptions.of(null, 40, null)));
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"id\":7,\"op\":\"change\",\"sub\":\"0\",\"replaces\":\"some\"",
            "\"interval\":40},\"matched\":1}");
        assertThat(texts.get(1)).contains("\"id\":8,\"status\":404,\"code\":\"unknown_subscription\"");
        assertThat(texts.get(2)).contains("\"id\":7,\"replaces\":\"some\"", "\"last\":true,\"data\":[]");
    }

    @Test
    void shouldAnswerEachRequestWithItsOwnSnapshot() {
        rig.tick("A", "B");
        for (final String symbol : List.of("A", "B", "NONE")) {
            session.onRequest(new Request.Subscribe("\"" + symbol + "\"", "0", null, ShardRig.patterns(symbol), true, null,
                SubscriptionOptions.of(Mode.CONFLATE, 0, null)));
        }
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(4)).contains("\"id\":\"A\",\"replaces\":\"all\"", "\"last\":true,\"data\":[{\"s\":\"A\"");
        assertThat(texts.get(5)).contains("\"id\":\"B\",\"replaces\":\"some\"", "\"last\":true,\"data\":[{\"s\":\"B\"");
        assertThat(texts.get(6)).contains("\"id\":\"NONE\",\"replaces\":\"some\"", "\"last\":true,\"data\":[]");
    }

    @Test
    void shouldSendEachEventOnceWhileFieldsChange() {
        rig.tick("T.A");
        fields("trade", null);
        ShardRig.texts(socket);
        socket.takeOnly(3);
        rig.tick("T.A", "T.A");
        fields("trade", List.of("n"));
        rig.tick("T.A");
        fields("trade", null);
        rig.tick("T.A");
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).noneMatch(text -> text.contains("\"type\":\"gap\""));
        assertThat(texts.get(0)).contains("{\"s\":\"T.A\",\"q\":2,\"v\":{\"n\":1}},{\"s\":\"T.A\",\"q\":3,\"v\":{\"n\":2}}]}");
        assertThat(String.join("", texts.subList(1, texts.size())).split("\"s\":", -1)).hasSize(3);
        assertThat(String.join("", texts))
            .contains("[{\"s\":\"T.A\",\"q\":4,\"v\":{\"n\":3}},{\"s\":\"T.A\",\"q\":5,\"v\":{\"n\":4}}]}");
    }

    @Test
    void shouldSendFieldsThatComeIntoViewWholeOnceToAClientThatIsBehind() {
        rig.tick("A");
        session.onRequest(request("quote", new SubscriptionOptions(Mode.ALL, -1, null, 10, -1,
            new ContentOptions(List.of("none"), true, -1))));
        rig.thread.run();
        rig.tick("A", "A", "A", "A");
        ShardRig.texts(socket);
        session.onRequest(request("quote", new SubscriptionOptions(Mode.ALL, -1, null, 10, -1,
            new ContentOptions(List.of(), true, -1))));
        rig.thread.advanceMs(1_000);
        final String all = String.join("", ShardRig.texts(socket));
        assertThat(all).contains("{\"type\":\"snapshot\"", "{\"s\":\"A\",\"q\":5,\"v\":{\"n\":4}}");
    }

    @Test
    void shouldSendImagesInTheSnapshotThatTheyWereAskedForInWhenFieldsChangeBeforeIt() {
        rig.tick("T.A");
        socket.takeOnly(3);
        fields("trade", List.of("none"));
        session.onRequest(new Request.Change("2", "trade", false, new SubscriptionOptions(null, -1, null, -1, -1,
            new ContentOptions(List.of("n"), null, -1))));
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).filteredOn(text -> text.startsWith("{\"type\":\"snapshot\""))
            .singleElement().asString().contains("\"id\":1,\"replaces\":\"all\"",
                "\"last\":true,\"data\":[{\"s\":\"T.A\",\"q\":1,\"v\":{\"n\":0}}]");
    }

    private void fields(final String channel, final List<String> fields) {
        session.onRequest(request(channel, new SubscriptionOptions(null, -1, null, -1, -1,
            new ContentOptions(fields == null ? List.of() : fields, null, -1))));
        rig.thread.run();
    }

    private static Request.Subscribe request(final String channel, final SubscriptionOptions options) {
        return new Request.Subscribe("1", channel, channel, ShardRig.patterns("*"), true, null, options);
    }

    @Test
    void shouldKeepOptionsThatTheRequestOmits() {
        change(new SubscriptionOptions(Mode.CONFLATE, 40, null, 10, 5_000, new ContentOptions(List.of("n"), true, -1)));
        change(new SubscriptionOptions(null, -1, null, -1, 0, ContentOptions.UNSPECIFIED));
        session.onRequest(new Request.ListSubscriptions("1"));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString()
            .contains("\"mode\":\"conflate\",\"interval\":40,\"maxRate\":10,\"fields\":[\"n\"],\"delta\":true,");
    }

    @Test
    void shouldRefuseOptionsThatTheChannelDoesNotHave() {
        refused("trade", new SubscriptionOptions(null, -1, null, -1, -1, new ContentOptions(null, true, -1)), "/delta");
        refused("book", new SubscriptionOptions(null, -1, null, -1, -1, new ContentOptions(List.of("bids"), null, -1)),
            "/fields");
        refused("quote", new SubscriptionOptions(null, -1, null, -1, -1, new ContentOptions(null, null, 5)), "/depth");
        refused("book", new SubscriptionOptions(Mode.ALL, -1, null, -1, -1, new ContentOptions(null, null, 5)),
            "/depth");
        refused("quote", new SubscriptionOptions(null, -1, Overflow.CLOSE, -1, -1, ContentOptions.UNSPECIFIED),
            "/overflow");
    }

    private void refused(final String channel, final SubscriptionOptions terms, final String path) {
        session.onRequest(new Request.Subscribe("1", "x", channel, ShardRig.patterns("*"), true, null, terms));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"status\":400,", "\"path\":\"" + path + "\"");
    }

    private void change(final SubscriptionOptions terms) {
        session.onRequest(new Request.Subscribe("1", "0", null, ShardRig.patterns("*"), true, null, terms));
        rig.thread.run();
    }
}
