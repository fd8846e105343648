package penstock.server.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.websocket.DeflateOffer;
import penstock.websocket.ProtocolException;

class DeflateAnswerTest {
    private static final String ALWAYS = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /** The offers of one header, the negotiated window; 0 = no extension. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "permessage-deflate                                                                       |15",
        "permessage-deflate; client_max_window_bits                                               |15",
        "permessage-deflate; client_max_window_bits=10; server_no_context_takeover                |15",
        "permessage-deflate; client_no_context_takeover;server_max_window_bits=8                  |8",
        "permessage-deflate ; server_max_window_bits = \"10\"                                     |10",
        "permessage-deflate; server_max_window_bits=\"\\9\"                                       |9",
        "permessage-deflate; server_max_window_bits=15                                            |15",
        "permessage-deflate; server_max_window_bits=7, permessage-deflate                         |15",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate                        |10",
        "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=12                    |12",
        "foo; bar=\"a, permessage-deflate; b\", permessage-deflate; server_max_window_bits=11     |11",
        "foo; bar=\"a, permessage-deflate                                                         |0",
        "permessage-deflate; server_max_window_bits                                               |0",
        "permessage-deflate; server_max_window_bits=16                                            |0",
        "permessage-deflate; server_max_window_bits=08                                            |0",
        "permessage-deflate; server_max_window_bits=+9                                            |0",
        "permessage-deflate; client_max_window_bits=7                                             |0",
        "permessage-deflate; client_max_window_bits=                                              |0",
        "permessage-deflate; server_no_context_takeover=true                                      |0",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover               |0",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=9                     |0",
        "permessage-deflate; unknown                                                              |0",
        "permessage-deflate;                                                                      |0",
        "permessage-deflate2                                                                      |0",
        "permessage-bzip2, , ;                                                                    |0",
        "``                                                                                       |0"})
    void shouldAcceptTheFirstAcceptableOffer(final String offers, final int windowBits) {
        final DeflateAnswer answer = DeflateAnswer.to(List.of(offers));
        assertThat(answer == null ? 0 : answer.windowBits()).isEqualTo(windowBits);
        if (answer != null) {
            final String bits = answer.text().equals(ALWAYS) ? "" : "; server_max_window_bits=" + windowBits;
            assertThat(answer.text()).isEqualTo(ALWAYS + bits);
            assertThat(bits.isEmpty()).isEqualTo(windowBits == 15 && !offers.contains("server_max_window_bits=15"));
        }
    }

    @Test
    void shouldReadSeveralHeadersInOrder() {
        final List<String> headers =
            List.of("foo", "permessage-deflate; bad", "permessage-deflate; server_max_window_bits=9",
            "permessage-deflate");
        assertThat(DeflateAnswer.to(headers).windowBits()).isEqualTo(9);
    }

    @Test
    void shouldAnswerAcceptablyToTheRelaysOwnClient() throws ProtocolException {
        final String answer = DeflateAnswer.to(List.of(DeflateOffer.OFFER)).text();
        assertThat(DeflateOffer.accepted(answer)).isTrue();
        assertThat(DeflateOffer.serverNoContextTakeover(answer)).isTrue();
    }
}
