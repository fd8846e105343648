package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.VenueName;
import penstock.config.VenueSettings;
import penstock.feed.request.LearnedAnswers;
import penstock.feed.request.LineContext;
import penstock.feed.request.SubscriptionListener;
import penstock.feed.request.SubscriptionReconciler;
import penstock.testkit.ManualClock;
import penstock.upstream.SendQueue;
import penstock.upstream.SendOnly;
import penstock.upstream.Upstream;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.rule.NameList;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/** Subscribes and unsubscribes at every venue, against its own replay, and correlates the acks. */
class VenueSubscribeTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> events = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();

    @Test
    void shouldSubscribeEveryChannelOfEveryVenue() {
        for (final String name : VenueName.BUILT_IN) {
            final Venue venue = load(name);
            if (venue.subscribe().isUnsupported()) {
                continue;
            }
            final List<String> channels = venue.channels().stream().map(ChannelSpec::name).toList();
            final List<Item> items = venue.subscribe().items(channels, List.of("AAA/BBB", "CCC/DDD"));
            final SubscriptionReconciler requests = play(venue);
            requests.subscribe(items);
            clock.advance(1_000_000);
            assertThat(requests.isSettled()).as(name).isTrue();
            assertThat(events).as(name)
                .noneMatch(event -> event.startsWith("refused") || event.startsWith("unanswered"));
            final int asked = sent.size();
            requests.unsubscribe(items);
            clock.advance(1_000_000);
            assertThat(sent.size() > asked).as(name).isEqualTo(venue.subscribe().canUnsubscribe());
            assertThat(clock.timerCount()).as(name).isZero();
        }
    }

    @Test
    void shouldNeverMixChannelsInOneMessage() {
        final SubscribeSpec kraken = load("kraken-v2").subscribe();
        final List<Item> items = kraken.items(List.of("ticker", "book"), List.of("BTC/USD", "ETH/USD"));
        assertThat(items.get(2)).isEqualTo(new Item("book", "BTC/USD", "book BTC/USD"));
        assertThat(kraken.batches(List.of(items.get(0), items.get(2), items.get(1)))).containsExactly(
            List.of(items.get(0), items.get(1)), List.of(items.get(2)));
        assertThat(kraken.message(items.subList(2, 4), 7))
            .isEqualTo("{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\","
            + "\"depth\":25,\"symbol\":[\"BTC/USD\",\"ETH/USD\"],\"snapshot\":true},\"req_id\":7}");
        assertThat(kraken.unsubscribeMessage(items.subList(0, 1), 8))
            .isEqualTo("{\"method\":\"unsubscribe\",\"params\":"
            + "{\"channel\":\"ticker\",\"event_trigger\":\"bbo\",\"symbol\":[\"BTC/USD\"]},\"req_id\":8}");
    }

    @Test
    void shouldSubscribeAtOkxWithObjects() {
        final SubscribeSpec okx = load("okx").subscribe();
        assertThat(okx.message(okx.items(List.of("ticker", "book"), List.of("BTC-USDT")), 3)).isEqualTo("{\"id\":\"3\","
            + "\"op\":\"subscribe\",\"args\":[{"
                + "\"channel\":\"tickers\",\"instId\":\"BTC-USDT\"},{\"channel\":\"books\",\"instId\":\"BTC-USDT\"}]}");
    }

    @Test
    void shouldCorrelateAnAckWithItsItemAndChannel() {
        final Venue okx = load("okx");
        final List<Item> items = okx.subscribe().items(List.of("ticker", "book"), List.of("A", "B"));
        final SubscriptionReconciler requests = requests(okx, new Mute());
        requests.subscribe(items);
        answer(requests, "{'event':'subscribe','arg':{'channel':'books','instId':'A'},'connId':'x'}");
        assertThat(events).containsExactly("accepted [" + items.get(2) + "]");
        clock.advance(10_000);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).contains("{\"channel\":\"tickers\",\"instId\":\"A\"}")
            .doesNotContain("{\"channel\":\"books\",\"instId\":\"A\"}");
        requests.stop();

        events.clear();
        final Venue kraken = load("kraken-v1");
        final List<Item> pairs = kraken.subscribe().items(List.of("ticker", "trade"), List.of("XBT/USD"));
        final SubscriptionReconciler krakens = requests(kraken, new Mute());
        krakens.subscribe(pairs);
        clock.advance(300);
        answer(krakens,
            "{'event':'subscriptionStatus','pair':'XBT/USD','status':'subscribed','subscription':{'name':'trade'}}");
        answer(krakens, "{'event':'subscriptionStatus','pair':'XBT/USD','status':'error','errorMessage':'no',"
            + "'subscription':{'name':'ticker'}}");
        assertThat(events.get(0)).isEqualTo("accepted [" + pairs.get(1) + "]");
        assertThat(events.get(1)).isEqualTo("refused [" + pairs.get(0) + "]");
        assertThat(krakens.isSettled()).isTrue();
    }

    @Test
    void shouldReadAcceptedAndRejectedItemsOfAnAck() {
        final Venue deribit = load("deribit");
        final SubscriptionReconciler asking = requests(deribit, new Mute());
        asking.subscribe(deribit.subscribe().items(List.of("ticker"), List.of("A", "B")));
        answer(asking, "{'jsonrpc':'2.0','id':1,'result':['ticker.A.100ms']}");
        assertThat(events.get(0)).contains("symbol=A").doesNotContain("symbol=B");
        assertThat(events.get(1)).startsWith("refused").contains("symbol=B").doesNotContain("symbol=A");

        events.clear();
        final Venue twelve = load("twelvedata");
        final SubscriptionReconciler prices = requests(twelve, new Mute());
        prices.subscribe(twelve.subscribe().items(List.of("ticker"), List.of("AAPL", "NOPE", "EUR/USD")));
        answer(prices, "{'event':'subscribe-status','status':'ok','success':[{'symbol':'AAPL'},{'symbol':'EUR\\/USD'}],"
            + "'fails':[{'symbol':'NOPE','type':'x'}]}");
        assertThat(events.get(0)).startsWith("accepted").contains("AAPL", "EUR/USD").doesNotContain("NOPE");
        assertThat(events.get(1)).startsWith("refused").contains("NOPE").doesNotContain("AAPL");

        events.clear();
        final Venue trader = load("tradermade-v2");
        final SubscriptionReconciler quotes = requests(trader, new Mute());
        quotes.subscribe(trader.subscribe().items(List.of("quote"), List.of("EURUSD", "QQQ", "YYY")));
        answer(quotes, "{'type':'sub_ack','accepted':['EURUSD:QUOTE'],'denied':['QQQ:QUOTE'],'invalid':['YYY:QUOTE']}");
        assertThat(events.get(0)).startsWith("accepted").contains("EURUSD").doesNotContain("QQQ", "YYY");
        assertThat(events.get(1)).startsWith("refused").contains("QQQ", "YYY");
    }

    @Test
    void shouldCancelUnsentRequestsAndBatchTheOthers() {
        final Venue venue = load("binance");
        final List<Item> items = venue.subscribe().items(List.of("quote"), List.of("A", "B", "C", "D"));
        final SubscriptionReconciler requests = requests(venue, new Mute());
        requests.subscribe(items.subList(0, 1));
        assertThat(sent).hasSize(1);
        requests.subscribe(items.subList(1, 2));
        requests.subscribe(items.subList(2, 4));
        requests.unsubscribe(items.subList(3, 4));
        assertThat(sent).hasSize(1);
        clock.advance(300);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1))
            .isEqualTo("{\"method\":\"SUBSCRIBE\",\"params\":[\"b@bookTicker\",\"c@bookTicker\"],\"id\":2}");
        answer(requests, "{'result':null,'id':1}");
        answer(requests, "{'result':null,'id':2}");
        requests.unsubscribe(items.subList(0, 1));
        requests.subscribe(items.subList(0, 1));
        clock.advance(1000);
        assertThat(sent).hasSize(2);
        requests.resubscribe(items.get(1));
        clock.advance(300);
        assertThat(sent.get(2)).isEqualTo("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"b@bookTicker\"],\"id\":3}");
        answer(requests, "{'result':null,'id':3}");
        clock.advance(300);
        assertThat(sent.get(3)).isEqualTo("{\"method\":\"SUBSCRIBE\",\"params\":[\"b@bookTicker\"],\"id\":4}");
    }

    @Test
    void shouldNameChannelsWithoutSubscription() {
        final Venue venue = VenueReader.read(new StringReader("""
            name = x
            channels { quote { default = true }, trade { class = event } }
            subscribe { message { quote = "{symbols}" } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """), "x.conf", name -> null);
        assertThatThrownBy(() -> venue.subscribe().items("trade", "A")).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("channel trade has no subscribe.message; the file has it for [quote]");
        assertThatThrownBy(() -> load("json").subscribe().items("quote", "A"))
            .hasMessageContaining("subscribe.message is not set");
    }

    @Test
    void shouldUseOptionsOfTheConfiguration() {
        final Venue venue = Venue.load("kraken-v1", VenueSettings.of(Map.of("depth", "10")), name -> null);
        assertThat(venue.book(venue.channels().stream().map(ChannelSpec::name).toList().indexOf("book")).truncate())
            .isEqualTo(10);
        assertThat(venue.subscribe().messages(List.of("book"), List.of("XBT/USD"), 1).get(0)).contains("\"depth\":10}");
        final Map<String, String> wrong = Map.of("dept", "10");
        assertThat(catchThrowableOfType(ConfigException.class,
            () -> Venue.load("kraken-v1", VenueSettings.of(wrong), name -> null))
            .problems())
            .singleElement().asString()
            .matches("venues/kraken-v1.conf:\\d+: options.dept: is set by feed.options, and this venue has no "
                + "such option; it has depth");
        assertThat(catchThrowableOfType(ConfigException.class,
            () -> Venue.load("json", VenueSettings.of(Map.of("depth", "10")), name -> null)))
            .hasMessageContaining("it has none");
    }

    private SubscriptionReconciler play(final Venue venue) {
        final SubscriptionReconciler[] asking = new SubscriptionReconciler[1];
        final SubscriptionReconciler requests = requests(venue, new Mute() {
            @Override
            public void sendText(final byte[] utf8) {
                super.sendText(utf8);
                for (final String text : venue.replay().answer(utf8, 0, utf8.length).texts()) {
                    clock.executeAfter(() -> {
                        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                        final VenueLog log = new VenueLog(venue).text(text.replace('"', '\''));
                        final String line = log.lines.isEmpty() ? "" : log.lines.get(0);
                        asking[0].onMessage(line.equals("ACK") ? ControlKind.ACK : line.equals("NACK")
                            ? ControlKind.NACK : null, bytes, 0,
                            bytes.length);
                    }, 1);
                }
            }
        });
        asking[0] = requests;
        return requests;
    }

    @Test
    void shouldReadAnswersInProse() {
        final Venue polygon = Venue.load("polygon", name -> "x");
        final SubscriptionReconciler requests = requests(polygon, new Mute());
        requests.subscribe(polygon.subscribe().items(List.of("quote"), List.of("A", "B", "C", "D", "E/USD")));
        assertThat(sent).containsExactly("{\"action\":\"subscribe\",\"params\":\"Q.A,Q.B,Q.C,Q.D,Q.E/USD\"}");
        answer(requests, "[{'ev':'status','status':'success','message':'subscribed to: Q.A'}]");
        answer(requests, "[{'ev':'status','status':'error','message':'not authorized: Q.C'}]");
        answer(requests, "[{'ev':'status','status':'success','message':'subscribed to: Q.B,Q.D'}]");
        assertThat(requests.isSettled()).isFalse();
        answer(requests, "[{'ev':'status','status':'success','message':'subscribed to: Q.E/USD'}]");
        assertThat(requests.isSettled()).isTrue();
        assertThat(events).filteredOn(event -> event.contains("C")).hasSize(1);
    }

    @Test
    void shouldReadNamesInProse() {
        final byte[] answer = "[{\"m\":\"added: A\"},{\"m\":\"no: B\"},{}]".getBytes(StandardCharsets.UTF_8);
        assertThat(NameList.compile("$/*/m | re('added: (.+)') | lower").read(answer, 0, answer.length))
            .containsExactly("a");
    }

    private SubscriptionReconciler requests(final Venue venue, final Upstream upstream) {
        final SendQueue queue =
            new SendQueue(clock, upstream, venue.connection().rates().send(), venue.subscribe().rate());
        sent.clear();
        events.clear();
        return new SubscriptionReconciler(venue.subscribe(), venue.connection().limits().maxSubscriptions(),
            new LineContext("feed", clock, queue), new LearnedAnswers("feed"), new Log(),
            what -> events.add("unanswered " + what));
    }

    private static void answer(final SubscriptionReconciler requests, final String text) {
        final byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        requests.onMessage(text.contains("error") ? ControlKind.NACK : null, bytes, 0, bytes.length);
    }

    private static Venue load(final String name) {
        return Venue.load(name, variable -> "test");
    }

    private final class Log implements SubscriptionListener {
        @Override
        public void onRejected(final Collection<Item> items, final String words) {
            events.add("refused " + items);
        }

        @Override
        public void onAccepted(final Collection<Item> items) {
            events.add("accepted " + items);
        }

        @Override
        public void onNoRoom(final Collection<Item> items, final String words) {
            events.add("no room " + items);
        }
    }

    /** A silent venue. */
    private class Mute implements SendOnly {
        @Override
        public void sendText(final byte[] utf8) {
            sent.add(new String(utf8, StandardCharsets.UTF_8));
        }
    }
}
