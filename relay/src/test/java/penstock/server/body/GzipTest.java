package penstock.server.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gzip | true", "GZIP | true", "deflate, gzip | true", "gzip;q=0.001 | true", "gzip;q=1 | true", "* | true",
            "*;q=0.5 | true",
        "gzip;q=0 | false", "gzip; q=0.000 | false", "gzip ; q=0.0 | false", "*;q=0 | false", "*, gzip;q=0 | false",
        "gzip;q=0, * | false",
        "identity | false", "br | false", "'' | false", "gzipped | false", "identity;q=0 | false", ", , | false",
        "; | false"})
    void shouldCompressIfTheClientAcceptsGzip(final String accepted, final boolean isAccepted) {
        final HeaderMap headers = new HeaderMap();
        headers.put(Headers.ACCEPT_ENCODING, accepted);
        assertThat(Gzip.isAccepted(headers.get(Headers.ACCEPT_ENCODING))).isEqualTo(isAccepted);
        assertThat(Gzip.isAccepted(null)).isFalse();
    }
}
