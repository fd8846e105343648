package penstock.server.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.websocket.DeflateOffer;
import penstock.websocket.ProtocolException;

class DeflateAnswerTest {
    /** The offers of one header, the windows of server and client, the parameters of the answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "permessage-deflate |15|32768|``",
        "permessage-deflate; client_max_window_bits |15|4096|client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits=15 |15|4096|client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits=10 |15|1024|``",
        "permessage-deflate; client_max_window_bits=10; server_no_context_takeover|15|1024|server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover;server_max_window_bits=8 |8|0|"
            + "server_max_window_bits=8; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_no_context_takeover |15|0|client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits |15|4096|"
            + "server_no_context_takeover; client_max_window_bits=12",
        "permessage-deflate ; server_max_window_bits = \"10\" |10|32768|server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=\"\\9\" |9|32768|server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=15 |15|32768|server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=7, permessage-deflate |15|32768|``",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate |10|32768|server_max_window_bits=10",
        "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=12 |12|32768|server_max_window_bits=12",
        "foo; bar=\"a, permessage-deflate; b\", permessage-deflate; server_max_window_bits=11|11|32768|"
            + "server_max_window_bits=11"})
    void shouldAnswerTheParametersThatWereOfferedAndNoOthers(final String offers, final int windowBits,
            final int clientWindowBytes, final String parameters) {
        final String text = parameters.isEmpty() ? "permessage-deflate" : "permessage-deflate; " + parameters;
        assertThat(DeflateAnswer.to(List.of(offers), bytes -> true))
            .isEqualTo(new DeflateAnswer(windowBits, clientWindowBytes, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "foo; bar=\"a, permessage-deflate",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=true",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
        "permessage-deflate; unknown",
        "permessage-deflate;",
        "permessage-deflate2",
        "permessage-bzip2, , ;",
        ""})
    void shouldDeclineOffersThatTheRfcDoesNotAllow(final String offers) {
        assertThat(DeflateAnswer.to(List.of(offers), bytes -> true)).isNull();
    }

    @Test
    void shouldAskForMessagesThatStandByThemselvesWithoutMemoryForMore() {
        assertThat(DeflateAnswer.to(List.of("permessage-deflate; client_max_window_bits"), bytes -> bytes < 4096))
            .isEqualTo(new DeflateAnswer(15, 0, "permessage-deflate; client_no_context_takeover"));
    }

    @Test
    void shouldReadSeveralHeadersInOrder() {
        final List<String> headers =
            List.of("foo", "permessage-deflate; bad", "permessage-deflate; server_max_window_bits=9",
            "permessage-deflate");
        assertThat(DeflateAnswer.to(headers, bytes -> true).windowBits()).isEqualTo(9);
    }

    @Test
    void shouldAnswerAcceptablyToTheRelaysOwnClient() throws ProtocolException {
        final String answer = DeflateAnswer.to(List.of(DeflateOffer.OFFER), bytes -> true).text();
        assertThat(DeflateOffer.accepted(answer)).isTrue();
    }
}
