package penstock.bench.jmh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import penstock.config.VenueSettings;
import penstock.venue.Venue;
import penstock.venue.VenueListener;

/**
 * The message that each venue sends most, 64 of them each with its own symbol and digits, sent in turn:
 * numbers that the venue counts go on counting, in place. Owned by the thread that measures.
 */
final class HotFrames {
    static final int COUNT = 64;
    /**
     * Upper case, lower case, a channel's number, prices, a size, ms, a number that counts by topic, the one before, by
     * connection.
     */
    private static final List<String> HOLES =
        List.of("SYM", "LOW", "CHAN", "PX1", "PX2", "QTY", "MILLIS", "NEXT", "PREV", "FRAME");
    private static final Map<String, String> MESSAGES = messages();
    /** What must have come before. */
    private static final Map<String, String> OPENINGS = Map.of(
        "bitfinex", "{'event':'subscribed','channel':'book','chanId':CHAN,'symbol':'tSYMUSD','prec':'P0'}",
        "bitmex", "{'table':'orderBookL2','action':'partial','filter':{'symbol':'SYMUSD'},"
            + "'data':[{'symbol':'SYMUSD','id':8796CHAN,'side':'Sell','size':100,'price':PX1}]}");

    private final Venue venue;
    private final byte[][] frames = new byte[COUNT][];
    /** Where the last digits of counting numbers are. */
    private final int[][] counting = new int[COUNT][];
    private final byte[][] openings = new byte[COUNT][];
    /** The message before the first frame where a connection's messages are numbered; else null. */
    private byte[] before;
    private final boolean isGzip;

    HotFrames(final String name) {
        this(name, VenueSettings.Values.NORMALISED);
    }

    HotFrames(final String name, final VenueSettings.Values values) {
        venue = Venue.load(name, new VenueSettings(Map.of(), values), variable -> "key");
        isGzip = name.equals("huobi");
        final SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < COUNT; i++) {
            openings[i] = OPENINGS.containsKey(name) ? make(OPENINGS.get(name), i, random, new ArrayList<>()) : null;
            final List<Integer> places = new ArrayList<>();
            final byte[] frame = make(MESSAGES.get(name), i, random, places);
            frames[i] = isGzip ? gzip(frame) : frame;
            counting[i] = places.stream().mapToInt(place -> place).toArray();
        }
        if (MESSAGES.get(name).contains("FRAME")) {
            before = frames[0].clone();
            before[-counting[0][0]]--;
        }
    }

    static List<String> venues() {
        return List.copyOf(MESSAGES.keySet());
    }

    Venue venue() {
        return venue;
    }

    byte[] frame(final int i) {
        return frames[i];
    }

    /** As on a new connection. */
    void open(final VenueListener events) {
        venue.onConnected();
        for (final byte[] opening : openings) {
            if (opening != null) {
                venue.onText(opening, 0, opening.length, 0, events);
            }
        }
        if (before != null) {
            venue.onText(before, 0, before.length, 0, events);
        }
    }

    /** The frame with this number, as if it had just come. */
    void tell(final int i, final VenueListener events) {
        final byte[] frame = frames[i];
        if (isGzip) {
            venue.onBinary(frame, 0, frame.length, 0, events);
        } else {
            venue.onText(frame, 0, frame.length, 0, events);
        }
        for (final int place : counting[i]) {
            count(frame, place);
        }
    }

    /**
     * Each of the symbols has one of the frames, so numbers by topic go up by one; those of the connection go up by
     * all.
     */
    private static void count(final byte[] frame, final int place) {
        final boolean isOfConnection = place < 0;
        int at = isOfConnection ? -place : place;
        int carry = isOfConnection ? COUNT : 1;
        while (carry > 0) {
            final int digit = frame[at] - '0' + carry;
            frame[at--] = (byte) ('0' + digit % 10);
            carry = digit / 10;
        }
    }

    private static byte[] make(final String template, final int i, final SplittableRandom random,
            final List<Integer> places) {
        final StringBuilder text = new StringBuilder(template.replace('\'', '"'));
        final String symbol = "" + (char) ('A' + i / 26) + (char) ('A' + i % 26) + "X";
        for (final String hole : HOLES) {
            for (int at = text.indexOf(hole); at >= 0; at = text.indexOf(hole)) {
                text.replace(at, at + hole.length(), switch (hole) {
                    case "SYM" -> symbol;
                    case "LOW" -> symbol.toLowerCase(Locale.ROOT);
                    case "CHAN" -> Integer.toString(100_000 + i);
                    case "PX1", "PX2" -> 100 + random.nextInt(60_000) + "." + (10 + random.nextInt(90));
                    case "QTY" -> random.nextInt(40) + "." + (10_000_000 + random.nextInt(90_000_000));
                    case "MILLIS" -> Long.toString(1_795_197_922_000L + i);
                    case "NEXT" -> "1000000001";
                    case "PREV" -> "1000000000";
                    default -> Integer.toString(1_000_000_001 + i);
                });
            }
        }
        // counting numbers are the only ones of ten digits that begin like this
        final int sign = template.contains("FRAME") ? -1 : 1;
        for (int at = text.indexOf("10000000"); at >= 0; at = text.indexOf("10000000", at + 10)) {
            places.add(sign * (at + 9));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static Map<String, String> messages() {
        final Map<String, String> all = new LinkedHashMap<>();
        all.put("alpaca",
            "[{'T':'q','S':'SYM','ax':'V','ap':PX1,'as':4,'bx':'Q','bp':PX2,'bs':1,'c':['R'],'z':'C',"
                + "'t':'2026-11-20T14:30:00.123456789Z'}]");
        all.put("binance",
            "{'stream':'LOWusdt@bookTicker','data':{'u':400900217001,'s':'SYMUSDT','b':'PX1','B':'QTY','a':'PX2',"
                + "'A':'QTY'}}");
        all.put("binance-usdm",
            "{'stream':'LOWusdt@bookTicker','data':{'e':'bookTicker','E':MILLIS,'u':NEXT,'s':'SYMUSDT','b':'PX1',"
                + "'B':'QTY','a':'PX2','A':'QTY','T':MILLIS}}");
        all.put("bitfinex", "[CHAN,[PX1,1,QTY],FRAME]");
        all.put("bitflyer",
            "{'jsonrpc':'2.0','method':'channelMessage','params':{'channel':'lightning_executions_SYM_JPY','message':"
                + "[{'id':NEXT,'side':'BUY','price':PX1,'size':QTY,'exec_date':'2026-11-20T14:30:00.1234567Z'}]}}");
        all.put("bitget",
            "{'action':'update','arg':{'instType':'spot','topic':'books','symbol':'SYMUSDT'},'data':[{'a':[['PX1','QTY']],"
                + "'b':[['PX2','0']],'checksum':0,'seq':NEXT,'pseq':PREV,'ts':'MILLIS'}],'ts':MILLIS}");
        all.put("bitmex",
            "{'table':'orderBookL2','action':'update','data':[{'symbol':'SYMUSD','id':8796CHAN,'side':'Sell',"
                + "'size':112300,"
                + "'timestamp':'2026-11-20T14:30:00.123Z'}]}");
        all.put("bitstamp",
            "{'data':{'timestamp':'1795197922','microtimestamp':'MILLIS123','bids':[['PX1','QTY']],'asks':[['PX2',"
                + "'0.00000000']]},'channel':'diff_order_book_LOWusd','event':'data'}");
        all.put("bybit-v5",
            "{'topic':'orderbook.50.SYMUSDT','type':'delta','ts':MILLIS,'data':{'s':'SYMUSDT','b':[['PX1','QTY'],"
                + "['PX2',"
                + "'0']],'a':[['PX2','QTY']],'u':NEXT,'seq':7961638724},'cts':MILLIS}");
        all.put("coinbase-advanced",
            "{'channel':'l2_data','timestamp':'2026-11-20T14:30:00.123456Z','sequence_num':FRAME,'events':[{'type':'update',"
                + "'product_id':'SYM-USD','updates':[{'side':'bid','event_time':'2026-11-20T14:30:00Z','price_level':'PX1',"
                + "'new_quantity':'QTY'}]}]}");
        all.put("coinbase-exchange",
            "{'type':'l2update','product_id':'SYM-USD','changes':[['buy','PX1','QTY']],"
                + "'time':'2026-11-20T14:30:00.123456Z'}");
        all.put("crypto-com",
            "{'id':-1,'method':'subscribe','code':0,'result':{'channel':'book.update','subscription':'book.SYM_USDT.50',"
                + "'instrument_name':'SYM_USDT','depth':50,'data':[{'update':{'asks':[['PX1','QTY','1']],'bids':[]},"
                + "'t':MILLIS,'tt':MILLIS,'u':NEXT,'pu':PREV,'cs':380529173}]}}");
        all.put("demo", "{'symbol':'SYMUSD','time':MILLIS123,'quote':{'bid':PX1,'ask':PX2}}");
        all.put("deribit",
            "{'jsonrpc':'2.0','method':'subscription','params':{'channel':'book.SYM-PERPETUAL.100ms',"
                + "'data':{'type':'change','timestamp':MILLIS,'prev_change_id':PREV,'instrument_name':'SYM-PERPETUAL',"
                + "'change_id':NEXT,'bids':[['change',PX1,QTY]],'asks':[['delete',PX2,0.0]]}}}");
        all.put("dydx-v4",
            "{'type':'channel_data','connection_id':'004a1efa','message_id':FRAME,'id':'SYM-USD','channel':'v4_orderbook',"
                + "'version':'1.0.0','contents':{'bids':[['PX1','QTY']],'asks':[['PX2','0']]}}");
        all.put("finnhub", "{'data':[{'p':PX1,'s':'OANDA:SYM_USD','t':MILLIS,'v':0}],'type':'trade'}");
        all.put("gate",
            "{'channel':'spot.obu','result':{'t':MILLIS,'s':'ob.SYM_USDT.400','u':NEXT,'U':NEXT,'b':[['PX1','QTY']],"
                + "'a':[['PX2','0']]},'time_ms':MILLIS,'event':'update'}");
        all.put("gemini",
            "{'u':NEXT,'E':MILLIS123456,'s':'LOWusd','b':'PX1','B':'QTY','a':'PX2','A':'QTY'}");
        all.put("huobi",
            "{'ch':'market.LOWusdt.bbo','ts':MILLIS,'tick':{'seqId':161499562790,'ask':PX1,'askSize':QTY,'bid':PX2,"
                + "'bidSize':QTY,'quoteTime':MILLIS,'symbol':'LOWusdt'}}");
        all.put("hyperliquid",
            "{'channel':'bbo','data':{'coin':'SYM','time':MILLIS,'bbo':[{'px':'PX1','sz':'QTY','n':2},"
                + "{'px':'PX2','sz':'QTY','n':1}]}}");
        all.put("json", "{'symbol':'SYMUSD','bid':PX1,'ask':PX2,'ts':MILLIS}");
        all.put("kraken-v1", "[336,{'a':[['PX1','QTY','1795197922.264382']],'c':'1808787076'},'book-100','SYM/USD']");
        all.put("kraken-v2",
            "{'channel':'book','type':'update','data':[{'symbol':'SYM/USD','bids':[{'price':PX1,'qty':QTY}],'asks':[],"
                + "'checksum':2439117997,'timestamp':'2026-11-20T14:30:00.123456Z'}]}");
        all.put("kucoin",
            "{'topic':'/spotMarket/level1:SYM-USDT','type':'message','subject':'level1','data':{'asks':['PX1','QTY'],"
                + "'bids':['PX2','QTY'],'timestamp':MILLIS}}");
        all.put("mexc",
            "{'channel':'push.deal','symbol':'SYM_USDT','data':[{'p':PX1,'v':12,'T':1,'O':3,'M':2,'t':MILLIS,'i':'7300220001'}],"
                + "'ts':MILLIS}");
        all.put("okx",
            "{'arg':{'channel':'books','instId':'SYM-USDT'},'action':'update','data':[{'asks':[['PX1','QTY','0','3']],"
                + "'bids':[['PX2','0','0','0']],'ts':'MILLIS','checksum':0,'prevSeqId':PREV,'seqId':NEXT}]}");
        all.put("phemex",
            "{'depth':30,'orderbook_p':{'asks':[['PX1','QTY']],'bids':[['PX2','0']]},'sequence':NEXT,'symbol':'SYMUSDT',"
                + "'timestamp':MILLIS123456,'type':'incremental'}");
        all.put("polygon",
            "[{'ev':'Q','sym':'SYM','bx':4,'bp':PX1,'bs':1,'ax':7,'ap':PX2,'as':2,'c':0,'t':MILLIS,'q':NEXT,'z':3}]");
        all.put("tradermade-v1", "{'symbol':'SYMUSD','ts':'MILLIS','bid':PX1,'ask':PX2,'mid':PX1}");
        all.put("tradermade-v2", "{'t':'QUOTE','s':'SYMUSD','b':PX1,'a':PX2,'m':PX1,'ts':'20261120-14:30:00.123'}");
        all.put("twelvedata",
            "{'event':'price','symbol':'SYM/USD','currency':'USD','exchange':'X','type':'Digital Currency',"
                + "'timestamp':1795197922,'price':PX1}");
        all.put("upbit",
            "{'type':'trade','code':'KRW-SYM','timestamp':MILLIS,'trade_timestamp':MILLIS,'trade_price':PX1,"
                + "'trade_volume':QTY,'ask_bid':'BID','sequential_id':NEXT,'stream_type':'REALTIME'}");
        return all;
    }

    private static byte[] gzip(final byte[] plain) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
