package penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import penstock.testkit.ParsedJson;

/** Encoded messages, parsed again, equal the examples of the protocol. */
class MessagesTest {
    @Test
    void shouldSayTheStateOfEachFeedInAHeartbeat() {
        final Map<String, String> states = new LinkedHashMap<>(Map.of("binance", "live"));
        states.put("kraken", "stale");

        assertThat(built(out -> MessageEncoder.heartbeat(out, 1_795_197_930_000_000L, states, 9_913_000)))
            .isEqualTo(json("{'type':'heartbeat','ts':1795197930000000,'feed':'live','feeds':["
            + "{'name':'binance','state':'live'},{'name':'kraken','state':'stale'}],'p':9913000}"));
    }

    @Test
    void shouldWelcome() {
        final FeedInfo feed = new FeedInfo("demo", "live", false,
            List.of(new ChannelInfo("quote", "last-value", true), new ChannelInfo("trade", "event", false)));
        assertThat(built(out -> MessageEncoder.welcome(out, new WelcomeInfo("0.1.0", "k3f9", 27, List.of(feed), "none",
            new SessionLimits(50, 5000, 65_536, 20, 0, 60_000), 5000)))).isEqualTo(json(
            "{'type':'welcome','protocol':'penstock.v1','version':'0.1.0','session':'k3f9','epoch':27,"
                + "'feed':{'name':'demo',"
                + "'state':'live','channels':[{'name':'quote','class':'last-value','default':true},{'name':'trade',"
                + "'class':'event'}]},'auth':'none','features':['change','feeds','removed','replaces','resume.symbols'],"
                + "'limits':{'subscriptions':50,'symbols':5000,'frameBytes':65536,"
                + "'requestsPerSecond':20,'minInterval':0,'maxInterval':60000},'heartbeat':5000}"));
    }

    @Test
    void shouldAcknowledgeASubscribe() {
        final SubscriptionInfo info =
            new SubscriptionInfo("grid", "quote", terms(Mode.CONFLATE, 250, null), List.of("EUR*"), 37,
            List.of("FOOUSD", "X"), 9);
        assertThat(built(out -> MessageEncoder.subscribed(out, "2", info, List.of("FOOUSD"), Replaces.ALL, false,
            List.of())))
            .isEqualTo(json(
            "{'type':'ack','id':2,'op':'subscribe','sub':'grid','replaces':'all',"
                + "'effective':{'channel':'quote','mode':'conflate',"
                + "'interval':250},'matched':37,'unknown':['FOOUSD'],'denied':[],'resumed':false}"));
    }

    @Test
    void shouldAddWarningsToAnAck() {
        final SubscriptionInfo info =
            new SubscriptionInfo("0", "quote", terms(Mode.ONCE, 100, null), List.of("a"), 0, List.of(), 9);
        assertThat(built(out -> MessageEncoder.subscribed(out, null, info, List.of("a"), Replaces.ALL, false,
            List.of("b", "c"))))
            .isEqualTo(json("{'type':'ack','op':'subscribe','sub':'0','replaces':'all',"
                + "'effective':{'channel':'quote','mode':'once'},'matched':0,'unknown':['a'],'denied':[],'resumed':false,'warnings':['b','c']}"));
    }

    @Test
    void shouldAcknowledgeAChange() {
        final SubscriptionInfo info =
            new SubscriptionInfo("grid", "quote", terms(Mode.CONFLATE, 250, null), List.of("EUR*"), 37, List.of(), 9);
        assertThat(built(out -> MessageEncoder.changed(out, "2", info, Replaces.SOME))).isEqualTo(json(
            "{'type':'ack','id':2,'op':'change','sub':'grid','replaces':'some','effective':{'channel':'quote',"
                + "'mode':'conflate','interval':250},'matched':37}"));
    }

    @Test
    void shouldOmitTheIntervalOfASubscriptionWithoutOne() {
        final SubscriptionInfo info =
            new SubscriptionInfo("0", "quote", terms(Mode.ONCE, 100, null), List.of("EUR*"), 0, List.of(), 9);
        assertThat(built(out -> MessageEncoder.subscribed(out, null, info, List.of(), Replaces.ALL, false, List.of())))
            .isEqualTo(json(
            "{'type':'ack','op':'subscribe','sub':'0','replaces':'all','effective':{'channel':'quote','mode':'once'},"
                + "'matched':0,'unknown':[],'denied':[],'resumed':false}"));
    }

    @Test
    void shouldEncodeAllEffectiveOptions() {
        final SubscriptionOptions terms =
            new SubscriptionOptions(Mode.CONFLATE, 250, null, 2000, 65_536,
            new ContentOptions(List.of("bid", "a\"sk"), true, 10));
        final SubscriptionInfo info = new SubscriptionInfo("grid", "quote", terms, List.of("*"), 37, List.of(), 9);
        assertThat(built(out -> MessageEncoder.subscribed(out, "2", info, List.of(), Replaces.ALL, true, List.of())))
            .isEqualTo(json(
            "{'type':'ack','id':2,'op':'subscribe','sub':'grid','replaces':'all',"
                + "'effective':{'channel':'quote','mode':'conflate',"
                + "'interval':250,"
                + "'maxRate':2000,'maxBytesPerSecond':65536,'fields':['bid','a\\'sk'],'delta':true,'depth':10},"
                + "'matched':37,'unknown':[],'denied':[],'resumed':true}"));
    }

    @Test
    void shouldEncodeTheOverflowOfModeAllAndAGap() {
        final SubscriptionInfo info =
            new SubscriptionInfo("t", "trade", terms(Mode.ALL, 0, Overflow.CLOSE), List.of("*"), 1, List.of(), 9);
        assertThat(built(out -> MessageEncoder.subscribed(out, "2", info, List.of(), Replaces.ALL, false, List.of())))
            .isEqualTo(json(
            "{'type':'ack','id':2,'op':'subscribe','sub':'t','replaces':'all',"
                + "'effective':{'channel':'trade','mode':'all',"
                + "'overflow':'close'},"
                + "'matched':1,'unknown':[],'denied':[],'resumed':false}"));
        assertThat(built(out -> new GapMessage(out).begin("trades", 9_912_400, 812).end()))
            .isEqualTo(json("{'type':'gap','sub':'trades','p':9912400,'missed':812}"));
        assertThat(built(out -> new GapMessage(out).begin("t", 9, 5).add("BTC/USD", 819, 3).add("A", 7, 2).end()))
            .isEqualTo(json("{'type':'gap','sub':'t','p':9,'missed':5,'topics':[['BTC/USD',819,3],['A',7,2]]}"));
    }

    @Test
    void shouldNameABoundedNumberOfTopicsInAGap() {
        final MessageBuffer out = new MessageBuffer(256);
        final GapMessage gap = new GapMessage(out).begin("t", 9, 2_000);
        for (int i = 0; i < 1_000; i++) {
            gap.add("S" + i, 7, 2);
        }
        gap.end();
        assertThat(out.toString().split("\\],\\[")).hasSize(GapMessage.MAX_TOPICS);
        gap.begin("t", 10, 1_000);
        for (int i = 0; i < 500; i++) {
            gap.add("S".repeat(1_000), 7, 2);
        }
        gap.end();
        assertThat(out.length()).isBetween(64 * 1024, 80 * 1024);
    }

    @Test
    void shouldAcknowledgeAnUnsubscribe() {
        assertThat(built(out -> MessageEncoder.unsubscribed(out, "3", "grid", 12)))
            .isEqualTo(json("{'type':'ack','id':3,'op':'unsubscribe','sub':'grid','matched':12}"));
    }

    @Test
    void shouldListSubscriptions() {
        final SubscriptionInfo grid =
            new SubscriptionInfo("grid \"1\"", "quote", terms(Mode.CONFLATE, 0, null), List.of("EUR*", "A"), 12,
            List.of("A"), 77);
        final SubscriptionInfo once =
            new SubscriptionInfo("0", "quote", terms(Mode.ONCE, 100, null), List.of("*"), 1, List.of(), 78);
        assertThat(built(out -> MessageEncoder.list(out, "\"x\"", List.of(grid, once)))).isEqualTo(json(
            "{'type':'ack','id':'x','op':'list','subscriptions':[{'sub':'grid "
                + "\\'1\\'','channel':'quote','mode':'conflate',"
                + "'interval':0,'symbols':['EUR*','A'],'matched':12,'unknown':['A'],'p':77},{'sub':'0',"
                + "'channel':'quote',"
                + "'mode':'once','symbols':['*'],'matched':1,'unknown':[],'p':78}]}"));
        assertThat(built(out -> MessageEncoder.list(out, "4", List.of())))
            .isEqualTo(json("{'type':'ack','id':4,'op':'list','subscriptions':[]}"));
    }

    @Test
    void shouldEncodeTheStateOfTheFeed() {
        assertThat(built(out ->
            MessageEncoder.feedStatus(out, null, "stale", "upstream_disconnected", 1_795_197_925_000_000L, 2000)))
            .isEqualTo(json(
            "{'type':'status','scope':'feed','state':'stale','reason':'upstream_disconnected','since':1795197925000000,"
                + "'retryIn':2000}"));
        assertThat(built(out -> MessageEncoder.feedStatus(out, null, "live", null, 1_795_197_925_000_000L, -1)))
            .isEqualTo(json("{'type':'status','scope':'feed','state':'live','since':1795197925000000}"));
    }

    @Test
    void shouldEncodeTheStateOfSymbols() {
        assertThat(built(out ->
            MessageEncoder.symbolStatus(out, "grid", List.of("GBPUSD"), "live", null, 1_795_197_923_000_000L)))
            .isEqualTo(json(
            "{'type':'status','scope':'symbols','sub':'grid','symbols':['GBPUSD'],'state':'live',"
                + "'since':1795197923000000}"));
        assertThat(built(out -> MessageEncoder.symbolStatus(out, "0", List.of("A", "B\""), "closed", "no \"B\"", 7)))
            .isEqualTo(
            "{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[\"A\",\"B\\\"\"],"
                + "\"state\":\"closed\","
                + "\"reason\":\"no \\\"B\\\"\",\"since\":7}");
    }

    @Test
    void shouldEncodeHeartbeatAndPong() {
        assertThat(built(out -> MessageEncoder.heartbeat(out, 1_795_197_930_000_000L, Map.of("demo", "live"), 9_913)))
            .isEqualTo(json("{'type':'heartbeat','ts':1795197930000000,'feed':'live','p':9913}"));
        assertThat(built(out -> MessageEncoder.pong(out, "5", 1_795_197_930_000_100L)))
            .isEqualTo(json("{'type':'pong','id':5,'ts':1795197930000100}"));
        assertThat(built(out -> MessageEncoder.pong(out, null, 1))).isEqualTo(json("{'type':'pong','ts':1}"));
        assertThat(built(out -> MessageEncoder.notice(out, "info", "Maintenance at 22:00 UTC", 1_795_197_930_000_200L)))
            .isEqualTo(json(
            "{'type':'notice','level':'info','text':'Maintenance at 22:00 UTC','ts':1795197930000200}"));
    }

    @Test
    void shouldEncodeAnError() {
        assertThat(built(out -> MessageEncoder.error(out,
            new RequestException(ErrorCode.BAD_INTERVAL, "/interval",
            "interval must be between 0 and 60000 ms, got -5", "7"))))
            .isEqualTo(json(
            "{'type':'error','id':7,'status':400,'code':'bad_interval','path':'/interval',"
                + "'message':'interval must be between 0 and 60000 ms, got -5','retry':false}"));
        assertThat(built(out -> MessageEncoder.error(out, RequestException.rateLimited("slowly", null, 48))))
            .isEqualTo(json(
            "{'type':'error','status':429,'code':'rate_limited','message':'slowly','retry':true,'retryAfter':48}"));
    }

    @Test
    void shouldEscapeClientText() {
        final String nasty = "\"\\\u0000\n\u2028</script>\u007f€😀";
        final String text = built(out -> MessageEncoder.notice(out, nasty, nasty, 1));
        assertThat(((Map<?, ?>) ParsedJson.values(text)).get("text")).isEqualTo(nasty);
        assertThat(text.chars()).noneMatch(c -> c < 0x20 || c == 0x7f || c == 0x2028);
    }

    /** Apostrophes are easier to read than escaped quotes. */
    private static String json(final String text) {
        return text.replace('\'', '"');
    }

    private static String built(final Consumer<MessageBuffer> message) {
        final MessageBuffer out = new MessageBuffer(16);
        message.accept(out);
        ParsedJson.values(out.toString());
        return out.toString();
    }

    private static SubscriptionOptions terms(final Mode mode, final int intervalMs, final Overflow overflow) {
        return new SubscriptionOptions(mode, intervalMs, overflow, 0, 0, ContentOptions.ALL);
    }
}
