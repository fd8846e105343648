package penstock.wire.request;

import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.wire.request.Queries.query;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private final RequestDecoder decoder = new RequestDecoder(new SessionLimits(50, 5000, 65_536, 20, 0, 60_000));

    @Test
    void shouldReadASubscribeWithEveryField() throws RequestException {
        final Request request = decode("{\"op\":\"subscribe\",\"id\":2,\"sub\":\"grid\",\"channel\":\"quote\","
            + "\"symbols\":[\"EURUSD\",\"GBP*\"],\"mode\":\"conflate\",\"interval\":250,\"snapshot\":false}");
        assertThat(request).isEqualTo(new Request.Subscribe("2", "grid", "quote",
            List.of(SymbolPattern.of("EURUSD"), SymbolPattern.of("GBP*")), Mode.CONFLATE, 250, false));
    }

    @Test
    void shouldUseDefaultsForMissingFields() throws RequestException {
        assertThat(decode("{\"symbols\":[\"*\"],\"op\":\"subscribe\"}"))
            .isEqualTo(new Request.Subscribe(null, "0", null, List.of(SymbolPattern.of("*")), null, -1, true));
        assertThat(decode("{\"op\":\"unsubscribe\",\"id\":\"a\"}"))
            .isEqualTo(new Request.Unsubscribe("\"a\"", "0", List.of()));
    }

    @Test
    void shouldReadTheOtherOperations() throws RequestException {
        assertThat(decode("{\"op\":\"unsubscribe\",\"id\":3,\"sub\":\"grid\",\"symbols\":[\"GBP*\"]}"))
            .isEqualTo(new Request.Unsubscribe("3", "grid", List.of(SymbolPattern.of("GBP*"))));
        assertThat(decode(" {\"op\":\"list\",\"id\":4}\n")).isEqualTo(new Request.ListSubscriptions("4"));
        assertThat(decode("{\"op\":\"ping\",\"id\":-12345678901234567890}"))
            .isEqualTo(new Request.Ping("-12345678901234567890"));
        assertThat(decode("{\"op\":\"auth\",\"id\":1,\"token\":\"eyJ\"}")).isEqualTo(new Request.Auth("1", "eyJ"));
        assertThat(decode("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"mode\":\"once\",\"interval\":5}"))
            .isInstanceOf(Request.Subscribe.class);
    }

    @Test
    void shouldEchoAnIdOfTextAsJson() throws RequestException {
        assertThat(decode("{\"op\":\"ping\",\"id\":\"a \\\"b\\\" \\u00e9\"}").id()).isEqualTo("\"a \\\"b\\\" é\"");
    }

    /** Request, code, path, echoed id. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "{                                                              | bad_json           | -          | -",
        "``                                                             | bad_json           | ``         | -",
        "[]                                                             | bad_json           | ``         | -",
        "\"x\"                                                          | bad_json           | ``         | -",
        "1e999                                                          | bad_json           | ``         | -",
        "null                                                           | bad_json           | ``         | -",
        "{\"op\":\"ping\"} x                                            | bad_json           | -          | -",
        "{\"op\":\"ping\",\"id\":7}{\"op\":\"ping\"}                    | bad_json           | ``         | 7",
        "{\"op\":\"ping\",\"id\":7,}                                    | bad_json           | -          | 7",
        "{\"id\":7,\"op\":\"ping\",\"op\":\"list\"}                     | bad_json           | /op        | 7",
        "{\"id\":7,\"op\":\"list\",\"x\":{\"a\":1,\"a\":2}}             | bad_json           | /x/a       | 7",
        "{\"id\":7,\"x\":[[[[[[[[[[[[1]]]]]]]]]]]]}                     | bad_json           | -          | 7",
        "{\"id\":7,\"x\":NaN}                                           | bad_json           | -          | 7",
        "{\"id\":7,\"x\":01}                                            | bad_json           | -          | 7",
        "{\"id\":7,'op':1}                                              | bad_json           | -          | 7",
        "{\"id\":7,\"x\":11111111111111111111111111111111111111111}     | bad_json           | -          | 7",
        "{}                                                             | bad_field          | /op        | -",
        "{\"id\":\"a\"}                                                 | bad_field          | /op        | \"a\"",
        "{\"op\":5,\"id\":7}                                            | bad_field          | /op        | 7",
        "{\"op\":null,\"id\":7}                                         | bad_field          | /op        | 7",
        "{\"op\":\"subscripe\",\"id\":7}                                | unknown_op         | /op        | 7",
        "{\"op\":\"ping\",\"id\":1.5}                                   | bad_field          | /id        | -",
        "{\"op\":\"ping\",\"id\":null}                                  | bad_field          | /id        | -",
        "{\"op\":\"ping\",\"id\":[1]}                                   | bad_field          | /id        | -",
        "{\"op\":\"ping\",\"id\":\"\\ud800\"}                           | bad_field          | /id        | -",
        "{\"op\":\"ping\",\"x/y~\":1,\"id\":7}                          | unknown_field      | /x~1y~0    | 7",
        "{\"op\":\"ping\",\"symbols\":[\"A\"],\"id\":7}                 | unknown_field      | /symbols   | 7",
        "{\"op\":\"subscribe\",\"simbols\":[\"A\"],\"id\":7}            | unknown_field      | /simbols   | 7",
        "{\"op\":\"subscribe\",\"id\":7}                                | bad_field          | /symbols   | 7",
        "{\"op\":\"subscribe\",\"symbols\":\"A\",\"id\":7}              | bad_field          | /symbols   | 7",
        "{\"op\":\"subscribe\",\"symbols\":[],\"id\":7}                 | bad_field          | /symbols   | 7",
        "{\"op\":\"subscribe\",\"symbols\":null,\"id\":7}               | bad_field          | /symbols   | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\",1],\"id\":7}          | bad_field          | /symbols/1 | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\",\"\"],\"id\":7}       | bad_symbol_pattern | /symbols/1 | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"\\u0000\"],\"id\":7}      | bad_symbol_pattern | /symbols/0 | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"\\udc00\"],\"id\":7}      | bad_symbol_pattern | /symbols/0 | 7",
        "{\"op\":\"unsubscribe\",\"symbols\":[],\"id\":7}               | bad_field          | /symbols   | 7",
        "{\"op\":\"unsubscribe\",\"sub\":\"\",\"id\":7}                 | bad_field          | /sub       | 7",
        "{\"op\":\"unsubscribe\",\"sub\":0,\"id\":7}                    | bad_field          | /sub       | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"channel\":1,\"id\":7}        | bad_field    | /channel  | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"snapshot\":1,\"id\":7}       | bad_field    | /snapshot | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"mode\":\"fast\",\"id\":7}    | bad_field    | /mode     | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"mode\":\"all\",\"interval\":5,\"id\":7} | bad_field | /interval | "
            + "7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":-5,\"id\":7}      | bad_interval | /interval | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":60001,\"id\":7}   | bad_interval | /interval | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":99999999999999999999,\"id\":7} | bad_interval | "
            + "/interval | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":1.5,\"id\":7}     | bad_field    | /interval | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":\"9\",\"id\":7}   | bad_field    | /interval | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"overflow\":\"no\",\"id\":7} | bad_field     | /overflow | 7",
        "{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"mode\":\"once\",\"overflow\":\"gap\",\"id\":7} | bad_field | "
            + "/overflow | 7"})
    void shouldRejectWithCodePathAndId(final String request, final String code, final String path, final String id) {
        final RequestException refusal = refused(request);
        assertThat(refusal.code().code()).isEqualTo(code);
        assertThat(refusal.path()).isEqualTo(path);
        assertThat(refusal.id()).isEqualTo(id);
        assertThat(refusal.getStackTrace()).isEmpty();
    }

    @Test
    void shouldNameTheExpectedAndTheReceivedValue() {
        assertThat(refused("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":-5}"))
            .hasMessage("interval must be between 0 and 60000 ms, got -5");
        assertThat(refused("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"mode\":\"fast\"}"))
            .hasMessage("mode must be conflate, all or once, got \"fast\"");
        assertThat(refused("{\"op\":\"subscribe\",\"simbols\":[\"A\"]}"))
            .hasMessage("subscribe has no 'simbols'; did you mean symbols?");
        assertThat(refused("{\"op\":\"go\\u001b\"}")).hasMessageNotContaining("\u001b");
    }

    @Test
    void shouldRejectMoreSymbolsThanTheLimit() throws RequestException {
        assertThat(decode(subscribe(5000))).isInstanceOf(Request.Subscribe.class);
        final RequestException refusal = refused(subscribe(5001));
        assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_SYMBOLS);
        assertThat(refusal.code().status()).isEqualTo(413);
        assertThat(refusal.path()).isEqualTo("/symbols");
        assertThat(refusal.id()).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "1", "\"", "-"})
    void shouldRejectAbsurdlyLongValuesQuickly(final String piece) {
        assertThat(refused(piece.repeat(60_000 / piece.length())).code()).isEqualTo(ErrorCode.BAD_JSON);
        assertThat(refused("{\"op\":" + piece.repeat(60_000 / piece.length())).code()).isEqualTo(ErrorCode.BAD_JSON);
    }

    @Test
    void shouldLimitTheLengthOfNames() throws RequestException {
        assertThat(decode("{\"op\":\"list\",\"id\":\"" + "i".repeat(64) + "\"}").id()).hasSize(66);
        assertThat(refused("{\"op\":\"list\",\"id\":\"" + "i".repeat(65) + "\"}").path()).isEqualTo("/id");
        assertThat(refused("{\"op\":\"unsubscribe\",\"sub\":\"" + "s".repeat(65) + "\"}").path()).isEqualTo("/sub");
        assertThat(refused("{\"op\":\"subscribe\",\"symbols\":[\"" + "s".repeat(129) + "\"]}").code())
            .isEqualTo(ErrorCode.BAD_SYMBOL_PATTERN);
        assertThat(decode("{\"op\":\"subscribe\",\"symbols\":[\"" + "s".repeat(128) + "\"]}"))
            .isInstanceOf(Request.Subscribe.class);
    }

    @Test
    void shouldReadAQuery() throws RequestException {
        assertThat(decoder.fromQuery(query(
            "channel=quote&symbols=EURUSD,GBP*&symbols=A B&interval=250&mode=conflate&snapshot=false")))
            .isEqualTo(new Request.Subscribe(null, "0", "quote",
                List.of(SymbolPattern.of("EURUSD"), SymbolPattern.of("GBP*"), SymbolPattern.of("A B")), Mode.CONFLATE,
                250, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "symbols=                       | bad_field          | /symbols",
        "interval=5                     | bad_field          | /symbols",
        "symbols=A,,B                   | bad_symbol_pattern | /symbols/1",
        "symbols=A&interval=fast        | bad_field          | /interval",
        "symbols=A&interval=-5          | bad_interval       | /interval",
        "symbols=A&interval=1&interval=2| bad_field          | /interval",
        "symbols=A&snapshot=yes         | bad_field          | /snapshot",
        "symbols=A&sub=x                | unknown_field      | /sub",
        "symbols=A&op=x                 | unknown_field      | /op",
        "symbols=A&intervall=5          | unknown_field      | /intervall",
        "symbols=A&mode=all&interval=1  | bad_field          | /interval",
        "symbols=A&token=secret         | token_invalid      | /token",
        "x=1&TICKET=secret              | token_invalid      | /TICKET"})
    void shouldRejectAQueryWithCodeAndPath(final String query, final String code, final String path) {
        final RequestException refusal =
            catchThrowableOfType(RequestException.class, () -> decoder.fromQuery(query(query)));
        assertThat(refusal.code().code()).isEqualTo(code);
        assertThat(refusal.path()).isEqualTo(path);
        assertThat(refusal.getMessage()).doesNotContain("secret");
    }

    private static String subscribe(final int symbols) {
        final StringBuilder request = new StringBuilder("{\"op\":\"subscribe\",\"symbols\":[\"S0\"");
        for (int i = 1; i < symbols; i++) {
            request.append(",\"S").append(i).append('"');
        }
        return request.append("],\"id\":7}").toString();
    }

    private Request decode(final String text) throws RequestException {
        final byte[] bytes = ("ab" + text + "c").getBytes(StandardCharsets.UTF_8);
        return decoder.decode(bytes, 2, bytes.length - 3);
    }

    private RequestException refused(final String text) {
        final RequestException refusal = catchThrowableOfType(RequestException.class, () -> decode(text));
        assertThat(refusal).as(text.substring(0, Math.min(80, text.length()))).isNotNull();
        return refusal;
    }
}
