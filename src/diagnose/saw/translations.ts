import type { Symptom } from '../../model/index.js';

/**
 * How glibc says the errors of a connect() and of a resolver in other languages: bash (`/dev/tcp`), nc and telnet print them so, ssh never
 * does. Measured: what strerror and gai_strerror answer in 24 locales of Debian 12.
 */
export const translations: readonly (readonly [Symptom, readonly string[]])[] = [
  [
    'refused',
    words(`
      Spojení odmítnuto | Opkobling nægtet | Verbindungsaufbau abgelehnt | Απόρριψη σύνδεσης | Conexión rehusada |
      Yhteys torjuttu | Connexion refusée | Kapcsolat elutasítva | Koneksi ditolak | Connessione rifiutata |
      接続を拒否されました | 연결이 거부됨 | Oppkobling nektes | Verbinding is geweigerd | Połączenie odrzucone | Ligação recusada |
      Conexão recusada | В соединении отказано | Förbindelsen förvägrad | Bağlantı reddedildi |
      У з'єднанні відмовлено | Kết nối bị từ chối | 拒绝连接 | 連線被拒絕
    `),
  ],
  [
    'times-out',
    words(`
      Spojení bylo příliš dlouho neaktivní | Opkoblingen overskred tidsgrænsen |
      Die Wartezeit für die Verbindung ist abgelaufen | Λήξη σύνδεσης | Expiró el tiempo de conexión |
      Yhteys aikakatkaistu | Connexion terminée par expiration du délai d'attente | Időtúllépés a kapcsolatban |
      Koneksi kehabisan waktu | Connessione scaduta | 接続がタイムアウトしました | 연결 시간 초과 | Oppkoblingen overskred tidsgrensen |
      Verbinding is verlopen | Przekroczony czas oczekiwania na połączenie | Ligação expirada |
      Tempo esgotado para conexão | Время ожидания соединения истекло | Förbindelsens tidsgräns löpte ut |
      Bağlantıda zaman aşımı | Перевищено інтервал очікування з'єднання | Kết nối đã quá hạn | 连接超时 | 連線超過時間
    `),
  ],
  [
    'no-route',
    words(`
      K počítači neexistuje cesta | Ingen rute til værtsmaskinen | Keine Route zum Zielrechner |
      Δεν υπάρχει διαδρομή στο σύστημα | No existe ninguna ruta hasta el \`host' | Reititystä koneeseen ei ole |
      Aucun chemin d'accès pour atteindre l'hôte cible | Nincs útvonal a gép felé | Tidak ada rute ke host |
      Nessun instradamento per l'host | ホストへの経路がありません | 호스트로 갈 루트가 없음 | Ingen rute til vertsmaskinen |
      Geen route naar host | Brak trasy do hosta | Sem caminho para o anfitrião | Não há rota para o host |
      Нет маршрута до узла | Ingen väg till värd | Makinaya ağ üzerinden yol yok | Немає маршруту до вузла |
      Không có đường dẫn đến máy | 没有到主机的路由 | 找不到通往該主機的路由路徑
    `),
  ],
  [
    'net-unreachable',
    words(`
      Síť není dostupná | Netværket er ikke tilgængeligt | Das Netzwerk ist nicht erreichbar |
      Το δίκτυο δεν είναι προσπελάσιμο | La red es inaccesible | Verkkoa ei tavoiteta |
      Le réseau n'est pas accessible | A hálózat elérhetetlen | Jaringan tidak dapat dicapai |
      La rete non è raggiungibile | ネットワークに届きません | 네트워크가 접근 불가능합니다 | Nettverket er ikke tilgjengelig |
      Netwerk is onbereikbaar | Sieć jest niedostępna | Rede inacessível | A rede está fora de alcance |
      Сеть недоступна | Nätverket kan inte nås | Ağ erişilebilir durumda değil |
      Не вдалося отримати доступ до мережі | Không thể kết nối mạng | 网络不可达 | 無法接觸網路
    `),
  ],
  [
    'permission-denied',
    words(`
      Operace zamítnuta | Adgang nægtet | Keine Berechtigung | Άρνηση πρόσβασης | Permiso denegado | Lupa evätty |
      Permission non accordée | Engedély megtagadva | Ijin ditolak | Permesso negato | 許可がありません | 허가 거부 |
      Ikke tilgang | Toegang geweigerd | Brak dostępu | Permissão recusada | Permissão negada | Отказано в доступе |
      Åtkomst nekas | Erişim engellendi | Відмовлено у доступі | Không đủ quyền truy cập | 权限不够 | 拒絕不符權限的操作
    `),
  ],
  [
    'reset',
    words(`
      Spojení zrušeno druhou stranou | Forbindelsen brudt i den anden ende |
      Die Verbindung wurde vom Kommunikationspartner zurückgesetzt | Η σύνδεση έκλεισε από το ταίρι |
      Conexión reinicializada por la máquina remota | Vastapää sulki yhteyden |
      Connexion ré-initialisée par le correspondant | A kapcsolatot bontotta a távoli fél |
      Koneksi direset oleh peer | Connessione interrotta dal corrispondente | 接続が相手からリセットされました | 상대편이 연결을 끊음 |
      Forbindelsen brutt i den andre enden | Verbinding is weggevallen | Połączenie zerwane przez drugą stronę |
      Ligação reposta pelo peer | Conexão fechada pela outra ponta | Соединение разорвано другой стороной |
      Förbindelse borttagen av partnern | Bağlantı karşıdan kesildi | Вузол розірвав з’єднання |
      Kết nối bị đặt lại bởi ngang hàng | 连接被对方重设 | 連線被對方重設
    `),
  ],
  [
    'invalid-argument',
    words(`
      Nepřípustný argument | Ugyldigt argument | Das Argument ist ungültig | Μη έγκυρη παράμετρος |
      Argumento inválido | Virheellinen argumentti | Argument invalide | Érvénytelen argumentum |
      Argumen tidak valid | Argomento non valido | 無効な引数です | 부적절한 인수 | Ugyldig argument | Ongeldig argument |
      Zły argument | Недопустимый аргумент | Ogiltigt argument | Geçersiz argüman | Некоректний аргумент |
      Đối số không hợp lệ | 无效的参数 | 不適用的引數
    `),
  ],
  [
    'no-protocol',
    words(`
      Protokol není k dispozici | Protokollen er ikke tilgængelig | Das Protokoll ist nicht verfügbar |
      Δεν είναι διαθέσιμο το πρωτόκολλο | Protocolo no disponible | Protokolla ei ole käytettävissä |
      Protocole non disponible | A protokoll nem érhető el | Protokol tidak tersedia | Protocollo non disponibile |
      プロトコルは利用できません | 규약 사용 불가능 | Protokollen er ikke tilgjengelig | Protocol is niet beschikbaar |
      Protokół niedostępny | Protocolo indisponível | Protocolo não disponível | Протокол недоступен |
      Protokollet inte tillgängligt | İletişim kuralları müsait değil | Протокол недоступний |
      Giao thức không sẵn sàng | 不可用的协议 | 協定不存在
    `),
  ],
  [
    'no-client-port',
    words(`
      Požadovanou adresu nelze přiřadit | Kan ikke tildele den ønskede adresse |
      Die angeforderte Adresse kann nicht zugewiesen werden | Δεν είναι δυνατή η εκχώρηση της ζητηθήσας διεύθυνσης |
      No se puede asignar la dirección solicitada | Pyydettyä osoitetta ei voi asettaa |
      Ne peut attribuer l'adresse demandée | Nem sikerült a kért címet hozzárendelni |
      Tidak dapat menempatkan permintaan alamat | Impossibile assegnare l'indirizzo richiesto | 要求アドレスに割り当てられません |
      요청한 주소를 배정할 수 없습니다 | Kan ikke benytte den ønskede adressen | Kan verzochte adres niet toewijzen |
      Nie można przypisać żądanego adresu | Impossível atribuir o endereço pedido |
      Não foi possível acessar o endereço requisitado | Невозможно назначить запрошенный адрес |
      Kan inte tilldela begärd adress | İstenen adres bulunamıyor | Не вдалося призначити вказану адресу |
      Không thể gán địa chỉ đã yêu cầu | 无法指定被请求的地址 | 無法指定所需的位址
    `),
  ],
  [
    'dns-failed',
    words(`
      Neznámé jméno nebo služba | Navn eller tjeneste ukendt | Der Name oder der Dienst ist nicht bekannt |
      Το όνομα ή η υπηρεσία δεν είναι γνωστά | Nombre o servicio desconocido | Nimeä tai palvelua ei tunneta |
      Nom ou service inconnu | A név vagy a szolgáltatás nem ismert | Nama atau layanan tidak diketahui |
      Nome o servizio sconosciuto | 名前またはサービスが不明です | 이름 혹은 서비스를 알 수 없습니다 | Navn eller tjeneste ukjent |
      Naam of dienst is niet bekend | Ta nazwa lub usługa jest nieznana | Nome ou serviço desconhecidos |
      Nome ou serviço desconhecido | Неизвестное имя или служба | Namn eller tjänst okänd |
      İsim ya da servis bilinmiyor | Невідома назва чи сервіс | Không rõ tên hoặc dịch vụ | 未知的名称或服务 | 名稱或服務未知
    `),
  ],
  [
    'dns-failed',
    words(`
      Dočasná chyba při vyhodnocování jména | Midlertidig fejl i navneopslag |
      Temporärer Fehler bei der Namensauflösung | Προσωρινή αποτυχία κατά την ανάλυση ονόματος |
      Fallo temporal en la resolución del nombre | Tilapäinen virhe nimenselvityksessä |
      Échec temporaire dans la résolution du nom | Átmeneti névfeloldási hiba |
      Kegagalan sementara dalam resolusi nama | Errore temporaneo nella risoluzione del nome | 名前解決に一時的に失敗しました |
      name resolution에서 일시적인 실패 | Midlertidig feil i navneoppslag | Tijdelijk probleem in naamsherleiding |
      Odwzorowanie nazwy jest chwilowo niemożliwe | Falha temporária na resolução de nome |
      Falha temporário na resolução de nome | Временный сбой в разрешении имен |
      Namnuppslagning misslyckades temporärt | İsim çözünürlüğünde geçici başarısızlık |
      Тимчасова помилка розв'язання назв | Tạm thời không thể phân giải tên | 域名解析暂时失败 | 解析名稱時發生暫時性錯誤
    `),
  ],
];

function words(text: string): readonly string[] {
  return text.split('|').map((word) => word.trim().replace(/\s+/g, ' '));
}
