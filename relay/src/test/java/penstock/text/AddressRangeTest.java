package penstock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({"10.0.0.5,10.0.0.5,true", "10.0.0.5,10.0.0.6,false", "10.0.0.0/8,10.255.1.2,true",
        "10.0.0.0/8,11.0.0.0,false", "10.0.0.0/9,10.128.0.0,false", "192.0.2.128/25,192.0.2.255,true",
        "192.0.2.128/25,192.0.2.127,false", "192.0.2.1/31,192.0.2.0,true", "0.0.0.0/0,203.0.113.9,true",
        "0.0.0.0/0,::1,false", "::/0,::1,true", "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false", "::ffff:10.0.0.5,10.0.0.5,true"})
    void shouldContainTheAddressesOfItsBlock(final String range, final String address, final boolean isContained) {
        assertThat(AddressRange.parse(range).contains(IpLiteral.parse(address))).isEqualTo(isContained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10.0.0",
        "localhost", "10.0.0.0/0x8", "10.0.0.0/ 8"})
    void shouldReadNothingElse(final String text) {
        assertThat(AddressRange.parse(text)).isNull();
    }

    /** A name would be looked up. */
    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "a:b:c",
        "dead.beef", "1:2", ":", ":::", "::1%lo", "[::1]", "fe80::g", "1::2::3"})
    void shouldTakeNothingButAddressesForAddresses(final String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::7", "1:2:3:4:5:6:7:8"})
    void shouldReadAddresses(final String text) throws Exception {
        assertThat(IpLiteral.parse(text)).isEqualTo(InetAddress.getByName(text));
    }
}
