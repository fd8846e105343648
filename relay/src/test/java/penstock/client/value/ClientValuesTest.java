package penstock.client.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/** Numbers, books and fields at random, against those of the JDK. */
class ClientValuesTest {
    private static final int ROUNDS = Integer.getInteger("penstock.client.values", 300);
    private static final String UPDATE = "{\"type\":\"update\",\"sub\":\"s1\",\"ts\":17,\"p\":9,\"data\":[{\"s\":\"A\\u0022\",\"q\":4,\"c\":2,\"t\":16,\"v\":{\"bid\":1.10,\"on\":[true,{\"x\":null}]},\"removed\":[\"ask\"]}]}";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldReadAndCompareNumbersAsTheJdkDoes() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            final String a = number(random);
            final String b = random.nextBoolean() ? number(random) : a.contains(".") && !a.contains("e") ? a + "0" : a;
            assertThat(decimal(a).toBigDecimal()).isEqualTo(new BigDecimal(a));
            assertThat(decimal("\"" + a + '"').scale()).isEqualTo(new BigDecimal(a).scale());
            assertThat(decimal(a).isZero()).isEqualTo(new BigDecimal(a).signum() == 0);
            assertThat(Integer.signum(decimal(a).compareTo(decimal(b)))).as(a + " and " + b)
                .isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
        }
    }

    @Test
    void shouldRefuseWhatIsNoNumber() {
        for (final String wrong : List.of("", "-", "1.", ".", "1e", "1e+", "1x", "0x1", "1e1.5", "1..2", "NaN",
                "1e9999999999", "\"\"")) {
            assertThatThrownBy(() -> decimal(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> decimal("12345678901234567890").mantissa()).isInstanceOf(ArithmeticException.class)
            .hasMessageContaining("BigDecimal");
        assertThat(decimal("9223372036854775799").mantissa()).isEqualTo(9_223_372_036_854_775_799L);
    }

    @Test
    void shouldKeepABookInExactOrder() {
        for (final long seed : seeds.rounds(ROUNDS / 10)) {
            final Random random = Seeds.random(seed);
            final int sign = random.nextBoolean() ? 1 : -1;
            final BookSide side = new BookSide(sign);
            final Comparator<BigDecimal> order = sign > 0 ? Comparator.naturalOrder() : Comparator.reverseOrder();
            final Map<BigDecimal, List<String>> expected = new TreeMap<>(order);
            for (int i = 0; i < 100; i++) {
                final String price = (random.nextInt(20) - 10) / 10.0 + "0".repeat(random.nextInt(3));
                final String size = random.nextInt(3) == 0 ? "0.00" : random.nextInt(100) + ".5";
                apply(side, "[[" + price + ",\"" + size + "\",7]]");
                expected.put(new BigDecimal(price), List.of(price, size));
                expected.values().removeIf(row -> row.get(1).equals("0.00"));
                assertThat(rows(side)).isEqualTo(new ArrayList<>(expected.values()));
            }
        }
    }

    @Test
    void shouldMergeFieldsAsAMapDoes() {
        for (final long seed : seeds.rounds(ROUNDS / 10)) {
            final Random random = Seeds.random(seed);
            final FieldTable table = new FieldTable();
            final Map<String, String> expected = new LinkedHashMap<>();
            table.replace(entry("{}"));
            for (int i = 0; i < 100; i++) {
                final String name = "é\\\"" + random.nextInt(6);
                if (random.nextInt(3) == 0) {
                    table.merge(entry("{},\"removed\":[\"" + name + "\"]"));
                    expected.remove(name);
                } else {
                    final String value = random.nextInt(5) == 0 ? "null" : "[" + random.nextInt(1000) + "]";
                    table.merge(entry("{\"" + name + "\" : " + value + "}"));
                    expected.put(name, value);
                }
                final StringBuilder json = new StringBuilder("{");
                expected.forEach((field, value) -> json.append(json.length() == 1 ? "" : ",").append('"').append(field)
                    .append("\":").append(value));
                final StringBuilder actual = new StringBuilder();
                table.appendJson(actual);
                assertThat(actual.toString()).isEqualTo(json.append('}').toString());
            }
        }
    }

    @Test
    void shouldReadAMessage() {
        final RelayMessage message = new RelayMessage();
        message.read(UPDATE);
        message.enterData();
        assertThat(message.nextEntry()).isTrue();
        assertThat(message.symbol()).isEqualTo("A\"");
        assertThat(List.of(message.q(), message.c(), message.timeUs(), message.number(RelayMessage.Part.P)))
            .containsExactly(4L, 2L, 16L, 9L);
        assertThat(message.nextEntry()).isFalse();
    }

    /** What is no message is refused by one exception, and never read beyond its end. */
    @Test
    void shouldReadDamagedMessagesOrRefuseThem() {
        int read = 0;
        for (final long seed : seeds.rounds(10 * ROUNDS)) {
            final Random random = Seeds.random(seed);
            final StringBuilder damaged = new StringBuilder(UPDATE);
            for (int i = random.nextInt(3); i >= 0; i--) {
                final int at = random.nextInt(damaged.length());
                final String wrong = String.valueOf("{}[]\",:\\1ea".charAt(random.nextInt(11)));
                damaged.replace(at, at + 1 + random.nextInt(4), random.nextBoolean() ? "" : wrong);
            }
            try {
                final RelayMessage message = new RelayMessage();
                message.read(damaged);
                message.enterData();
                while (message.nextEntry()) {
                    final FieldTable table = new FieldTable();
                    table.replace(message);
                    message.symbol();
                    read++;
                }
            } catch (final IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
    }

    private static String number(final Random random) {
        final StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        text.append(random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 63)));
        if (random.nextBoolean()) {
            text.append('.').append(random.nextInt(1000)).append("0".repeat(random.nextInt(4)));
        }
        if (random.nextInt(8) == 0) {
            text.append(random.nextLong(1L << 62));
        }
        if (random.nextInt(8) == 0) {
            text.append("e").append(random.nextInt(60) - 30);
        }
        return text.toString();
    }

    private static DecimalNumber decimal(final String text) {
        final DecimalNumber number = new DecimalNumber();
        number.read(text.toCharArray(), 0, text.length());
        return number;
    }

    private static void apply(final BookSide side, final String rows) {
        side.apply(rows.toCharArray(), 0, rows.length());
    }

    /** The only entry of an update with a value. */
    private static MessageEntry entry(final String value) {
        final RelayMessage message = new RelayMessage();
        message.read("{\"type\":\"update\",\"data\":[{\"s\":\"A\",\"q\":1,\"v\":" + value + "}]}");
        message.enterData();
        assertThat(message.nextEntry()).isTrue();
        return message;
    }

    private static List<List<String>> rows(final BookSide side) {
        final List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < side.size(); i++) {
            assertThat(side.price(i)).isEqualTo(BigDecimal.valueOf(side.priceMantissa(i), side.priceScale(i)));
            rows.add(List.of(side.priceText(i), side.sizeText(i)));
        }
        return rows;
    }
}
