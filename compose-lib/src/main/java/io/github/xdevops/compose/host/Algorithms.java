package io.github.xdevops.compose.host;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.mac.Macs;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.signature.SignatureRSA;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What we agree to speak: nothing with SHA-1, no CBC, and no ChaCha20, which is sound only where strict key exchange is
 * certain. OpenSSH has spoken all of the rest since 7.2, so group 14 is not needed.
 */
final class Algorithms {
    private static final LoggerFactory SILENT = new LoggerFactory() {
        @Override
        public Logger getLogger(String name) {
            return NOPLogger.NOP_LOGGER;
        }

        @Override
        public Logger getLogger(Class<?> type) {
            return NOPLogger.NOP_LOGGER;
        }
    };

    private Algorithms() {}

    /** @param certificates whether a host may show a certificate: only if an authority is trusted for it */
    static Config config(boolean certificates) {
        EcdsaKeys.register();
        ConfigImpl config = new ConfigImpl();
        config.setLoggerFactory(SILENT);
        config.setVersion("compose");
        config.setRandomFactory(new SingletonRandomFactory(new JCERandom.Factory()));
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        config.setKeyExchangeFactories(List.of(
                new Curve25519SHA256.Factory(),
                new Curve25519SHA256.FactoryLibSsh(),
                new ECDHNistP.Factory256(),
                new ECDHNistP.Factory384(),
                new ECDHNistP.Factory521(),
                DHGroups.Group16SHA512(),
                DHGroups.Group18SHA512()));
        config.setKeyAlgorithms(hostKeys(certificates));
        config.setCipherFactories(List.of(
                GcmCiphers.AES256GCM(),
                GcmCiphers.AES128GCM(),
                BlockCiphers.AES256CTR(),
                BlockCiphers.AES192CTR(),
                BlockCiphers.AES128CTR()));
        config.setMACFactories(
                List.of(Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
        config.setCompressionFactories(List.of(new NoneCompression.Factory()));
        config.setFileKeyProviderFactories(List.of());
        return config;
    }

    private static List<Factory.Named<KeyAlgorithm>> hostKeys(boolean certificates) {
        List<Factory.Named<KeyAlgorithm>> algorithms = new ArrayList<>();
        if (certificates) {
            algorithms.add(KeyAlgorithms.EdDSA25519CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp256CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp384CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp521CertV01());
            algorithms.add(new KeyAlgorithms.Factory(
                    "rsa-sha2-512-cert-v01@openssh.com", new SignatureRSA.FactoryRSASHA512(), KeyType.RSA_CERT));
            algorithms.add(new KeyAlgorithms.Factory(
                    "rsa-sha2-256-cert-v01@openssh.com", new SignatureRSA.FactoryRSASHA256(), KeyType.RSA_CERT));
        }
        algorithms.add(KeyAlgorithms.EdDSA25519());
        algorithms.add(KeyAlgorithms.ECDSASHANistp256());
        algorithms.add(KeyAlgorithms.ECDSASHANistp384());
        algorithms.add(KeyAlgorithms.ECDSASHANistp521());
        algorithms.add(KeyAlgorithms.RSASHA512());
        algorithms.add(KeyAlgorithms.RSASHA256());
        return algorithms;
    }
}
