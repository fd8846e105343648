package penstock.wire.request;

import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.wire.request.Queries.query;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options and resume position of a subscribe request. */
class SubscribeOptionsTest {
    private final RequestDecoder decoder = new RequestDecoder(new SessionLimits(50, 5000, 65_536, 20, 0, 60_000));

    @Test
    void shouldReadAllOptions() throws RequestException {
        final Request.Subscribe request =
            subscribe("'mode':'conflate','interval':250,'maxRate':2000,'maxBytesPerSecond':65536,"
            + "'fields':['bid','ask / é'],'delta':true,'depth':10,'resume':{'epoch':27,'p':9912345}");
        assertThat(request.options())
            .isEqualTo(new SubscriptionOptions(Mode.CONFLATE, 250, null, 2000, 65_536,
            new ContentOptions(List.of("bid", "ask / é"), true, 10)));
        assertThat(request.resume()).isEqualTo(new Resume(27, 9_912_345));
        assertThat(request.snapshot()).isTrue();
    }

    @Test
    void shouldReadTheSymbolsThatAClientHas() throws RequestException {
        final Resume resume = subscribe("'resume':{'epoch':27,'p':9,'symbols':['A','EUR*']}").resume();
        assertThat(List.of(resume.claims("A"), resume.claims("EURUSD"), resume.claims("B")))
            .containsExactly(true, true, false);
        assertThat(subscribe("'resume':{'epoch':27,'p':9,'symbols':[]}").resume().claims("A")).isFalse();
        assertThat(subscribe("'resume':{'epoch':27,'p':9}").resume().claims("A")).isTrue();
    }

    @Test
    void shouldReadAChangeWithoutSymbols() throws RequestException {
        final byte[] text = "{\"op\":\"change\",\"id\":1,\"sub\":\"s\",\"interval\":40}".getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.decode(text, 0, text.length))
            .isEqualTo(new Request.Change("1", "s", true, SubscriptionOptions.of(null, 40, null)));
    }

    @Test
    void shouldDistinguishUnspecifiedFromNone() throws RequestException {
        assertThat(subscribe("'interval':0").options()).isEqualTo(SubscriptionOptions.of(null, 0, null));
        assertThat(subscribe("'interval':0").resume()).isNull();
        final SubscriptionOptions none =
            subscribe("'maxRate':null,'maxBytesPerSecond':null,'fields':null,'delta':false,'depth':null").options();
        assertThat(none)
            .isEqualTo(new SubscriptionOptions(null, -1, null, 0, 0, new ContentOptions(List.of(), false, 0)));
        assertThat(subscribe("'mode':'all','depth':null").options().content().depth()).isZero();
    }

    @Test
    void shouldAcceptEachNumberFromItsMinimumToItsMaximum() throws RequestException {
        final SubscriptionOptions least = subscribe("'maxRate':1,'maxBytesPerSecond':1000,'depth':1").options();
        assertThat(least)
            .isEqualTo(new SubscriptionOptions(null, -1, null, 1, 1000, new ContentOptions(null, null, 1)));
        final SubscriptionOptions most = subscribe("'maxRate':1000000,'maxBytesPerSecond':1000000000000,'depth':10000")
            .options();
        assertThat(most)
            .isEqualTo(new SubscriptionOptions(null, -1, null, 1_000_000, 1_000_000_000_000L,
            new ContentOptions(null, null, 10_000)));
        assertThat(subscribe("'resume':{'p':0,'epoch':9007199254740991}").resume())
            .isEqualTo(new Resume(9_007_199_254_740_991L, 0));
        assertThat(subscribe("'fields':[" + names(100) + "]").options().content().fields()).hasSize(100)
            .startsWith("f0", "f1");
        assertThat(subscribe("'fields':['" + "n".repeat(128) + "']").options().content().fields()).hasSize(1);
    }

    /** Fields, code, path. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'maxRate':0                            | bad_field     | /maxRate",
        "'maxRate':1000001                      | bad_field     | /maxRate",
        "'maxRate':-1                           | bad_field     | /maxRate",
        "'maxRate':1.0                          | bad_field     | /maxRate",
        "'maxRate':'5'                          | bad_field     | /maxRate",
        "'maxRate':99999999999999999999999      | bad_field     | /maxRate",
        "'maxBytesPerSecond':999                | bad_field     | /maxBytesPerSecond",
        "'maxBytesPerSecond':1000000000001      | bad_field     | /maxBytesPerSecond",
        "'maxBytesPerSecond':true               | bad_field     | /maxBytesPerSecond",
        "'depth':0                              | bad_field     | /depth",
        "'depth':10001                          | bad_field     | /depth",
        "'depth':[5]                            | bad_field     | /depth",
        "'mode':'all','depth':5                 | bad_field     | /depth",
        "'delta':1                              | bad_field     | /delta",
        "'delta':null                           | bad_field     | /delta",
        "'fields':[]                            | bad_field     | /fields",
        "'fields':'bid'                         | bad_field     | /fields",
        "'fields':{}                            | bad_field     | /fields",
        "'fields':['bid',5]                     | bad_field     | /fields/1",
        "'fields':['bid',null]                  | bad_field     | /fields/1",
        "'fields':['bid','']                    | bad_field     | /fields/1",
        "'fields':['bid','ask','bid']           | bad_field     | /fields/2",
        "'fields':['a','\\u0007']               | bad_field     | /fields/1",
        "'fields':['\\udc00']                   | bad_field     | /fields/0",
        "'resume':7                             | bad_field     | /resume",
        "'resume':{'epoch':1,'p':1,'symbols':7} | bad_field | /resume/symbols",
        "'resume':null                          | bad_field     | /resume",
        "'resume':[27,9]                        | bad_field     | /resume",
        "'resume':{}                            | bad_field     | /resume/epoch",
        "'resume':{'epoch':27}                  | bad_field     | /resume/p",
        "'resume':{'p':9}                       | bad_field     | /resume/epoch",
        "'resume':{'epoch':27,'p':-1}           | bad_field     | /resume/p",
        "'resume':{'epoch':'27','p':1}          | bad_field     | /resume/epoch",
        "'resume':{'epoch':9007199254740992,'p':1} | bad_field  | /resume/epoch",
        "'resume':{'epoch':1,'p':1.5}           | bad_field     | /resume/p",
        "'resume':{'epoch':1,'p':null}          | bad_field     | /resume/p",
        "'resume':{'epoch':1,'p':2,'q/':3}      | unknown_field | /resume/q~1"})
    void shouldRejectWithCodeAndPath(final String said, final String code, final String path) {
        final RequestException refusal = refused(said);
        assertThat(refusal.code().code()).isEqualTo(code);
        assertThat(refusal.path()).isEqualTo(path);
        assertThat(refusal.id()).isEqualTo("7");
    }

    @Test
    void shouldNameTheExpectedAndTheReceivedValue() {
        assertThat(refused("'maxRate':0"))
            .hasMessage("maxRate must be an integer from 1 to 1000000, or null for none, got 0");
        assertThat(refused("'fields':[]"))
            .hasMessage("fields must be an array of at least one name, or null for all, got an empty array");
        assertThat(refused("'fields':['b','b']")).hasMessage("'b' appears twice: name each field once");
        assertThat(refused("'fields':[" + names(101) + "]")).hasMessage("fields must be at most 100 names, got 101");
        assertThat(refused("'fields':['" + "n".repeat(129) + "']").path()).isEqualTo("/fields/0");
        assertThat(refused("'resume':{'epoch':27}"))
            .hasMessage("resume/p is missing: send epoch and p of the last frame received");
        assertThat(refused("'resume':{'epoch':27,'p':1,'q':1}"))
            .hasMessage("resume has no 'q': its fields are epoch, p and symbols");
        assertThat(refused("'mode':'all','depth':5")).hasMessage(SubscriptionOptions.NO_DEPTH);
    }

    @Test
    void shouldReadTheSameFromAQueryExceptResume() throws RequestException {
        final Request.Subscribe request = decoder.fromQuery(
            query("symbols=A&fields=bid,ask&fields=last&delta=true&depth=5&maxRate=20&maxBytesPerSecond=5000"));
        assertThat(request.options())
            .isEqualTo(new SubscriptionOptions(null, -1, null, 20, 5000,
            new ContentOptions(List.of("bid", "ask", "last"), true, 5)));
        final RequestException refusal = notAQuery("symbols=A&resume=27-9");
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(refusal.path()).isEqualTo("/resume");
        assertThat(refusal).hasMessageContaining("Last-Event-ID");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "symbols=A&fields=              | bad_field     | /fields",
        "symbols=A&fields=bid,,ask      | bad_field     | /fields/1",
        "symbols=A&fields=bid,bid       | bad_field     | /fields/1",
        "symbols=A&delta=yes            | bad_field     | /delta",
        "symbols=A&maxRate=many         | bad_field     | /maxRate",
        "symbols=A&maxRate=null         | bad_field     | /maxRate",
        "symbols=A&maxRate=5&maxRate=6  | bad_field     | /maxRate",
        "symbols=A&maxBytesPerSecond=1  | bad_field     | /maxBytesPerSecond",
        "symbols=A&depth=0              | bad_field     | /depth",
        "symbols=A&mode=all&depth=5     | bad_field     | /depth",
        "symbols=A&maxrate=5            | unknown_field | /maxrate"})
    void shouldRejectAQueryWithCodeAndPath(final String query, final String code, final String path) {
        final RequestException refusal = notAQuery(query);
        assertThat(refusal.code().code()).isEqualTo(code);
        assertThat(refusal.path()).isEqualTo(path);
    }

    @Test
    void shouldReadTheQueriesOfSnapshotAndSymbols() throws RequestException {
        assertThat(decoder.snapshotQuery(query("channel=quote&symbols=A,B*&fields=bid,ask"))).isEqualTo(
            new TopicQuery(new ChannelName(null, "quote"), List.of(SymbolPattern.of("A"), SymbolPattern.of("B*")),
            List.of("bid", "ask"), 0));
        assertThat(decoder.snapshotQuery(query("depth=5")))
            .isEqualTo(new TopicQuery(new ChannelName(null, null), List.of(SymbolPattern.ALL), List.of(), 5));
        assertThat(decoder.symbolsQuery(query("match=A")))
            .isEqualTo(new TopicQuery(new ChannelName(null, null), List.of(SymbolPattern.of("A")), List.of(), 0));
        assertThat(catchThrowableOfType(RequestException.class, () -> decoder.symbolsQuery(query("fields=bid"))).code())
            .isEqualTo(ErrorCode.UNKNOWN_FIELD);
        assertThat(catchThrowableOfType(RequestException.class, () -> decoder.snapshotQuery(query("delta=true")))
            .code())
            .isEqualTo(ErrorCode.UNKNOWN_FIELD);
    }

    private static String names(final int count) {
        return IntStream.range(0, count).mapToObj(i -> "'f" + i + "'").collect(Collectors.joining(","));
    }

    private RequestException notAQuery(final String query) {
        return catchThrowableOfType(RequestException.class, () -> decoder.fromQuery(query(query)));
    }

    private Request.Subscribe subscribe(final String said) throws RequestException {
        final byte[] bytes = ("{'op':'subscribe','id':7,'symbols':['A']," + said + '}').replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
        return (Request.Subscribe) decoder.decode(bytes, 0, bytes.length);
    }

    private RequestException refused(final String said) {
        final RequestException refusal = catchThrowableOfType(RequestException.class, () -> subscribe(said));
        assertThat(refusal).as(said).isNotNull();
        return refusal;
    }
}
