/** What people say in one language. `{order}`, `{error}`, `{version}`, `{email}` and `{url}` are filled in. */
export interface Phrases {
  readonly language: string;
  /** Share of the conversations, in per cent. */
  readonly weight: number;
  /** Opens a conversation. */
  readonly ask: readonly string[];
  readonly more: readonly string[];
  readonly answer: readonly string[];
  readonly thanks: readonly string[];
}

export const LANGUAGES: readonly Phrases[] = [
  {
    language: 'en',
    weight: 62,
    ask: [
      'Hi, my card was charged twice for order {order}. Can I get a refund?',
      'The export stops at 80 % with error {error} since version {version}.',
      'How do I add a second user to our account?',
      'I cannot log in, the password reset mail never arrives at {email}.',
      'Our dashboard at {url} is empty since this morning 😕',
      'Where is my parcel? Order {order} was promised for Monday.',
      'The invoice {order}.pdf shows the wrong VAT number, please correct it.',
      'Please cancel my subscription before the next renewal.',
      'The mobile app crashes when I open the calendar, version {version}.',
    ],
    more: [
      'It still does not work.',
      'I have attached a screenshot.',
      'The order number is {order}.',
      'It says {error}.',
      'Any news on this?',
      'I tried it in another browser, same result.',
    ],
    answer: [
      'Thanks for reaching out! I am looking into it right now.',
      'Could you send me the order number, please?',
      'I have refunded {order}, it takes three to five working days.',
      'This is fixed in version {version}; please update and try again.',
      'You will find the steps here: {url}',
      'I have passed this on to our engineers under {error}.',
    ],
    thanks: ['Thank you, that solved it! 🎉', 'Great, thanks a lot.', 'Perfect, have a nice day!'],
  },
  {
    language: 'de',
    weight: 8,
    ask: [
      'Guten Tag, meine Bestellung {order} ist noch nicht angekommen.',
      'Die Rechnung für März enthält die falsche Umsatzsteuer-Identifikationsnummer.',
      'Seit Version {version} erscheint der Fehler {error} beim Exportieren.',
    ],
    more: [
      'Es funktioniert leider immer noch nicht.',
      'Die Bestellnummer lautet {order}.',
      'Könnten Sie das bitte prüfen?',
    ],
    answer: [
      'Vielen Dank für Ihre Nachricht, ich kümmere mich darum.',
      'Die Rückerstattung für {order} ist veranlasst.',
      'Bitte aktualisieren Sie auf Version {version}.',
    ],
    thanks: ['Danke, jetzt klappt es!', 'Super, vielen Dank für die schnelle Hilfe.'],
  },
  {
    language: 'fr',
    weight: 7,
    ask: [
      'Bonjour, je n’ai pas reçu ma commande {order}.',
      'Je voudrais être remboursé, le paiement a été débité deux fois.',
      'Le tableau de bord affiche l’erreur {error}.',
    ],
    more: ['Le problème persiste.', 'Voici le numéro : {order}.', 'Avez-vous des nouvelles ?'],
    answer: [
      'Merci pour votre message, je m’en occupe.',
      'Le remboursement est en cours pour {order}.',
      'Pouvez-vous vider le cache et réessayer ?',
    ],
    thanks: ['Merci beaucoup, c’est réglé !', 'Parfait, bonne journée.'],
  },
  {
    language: 'es',
    weight: 7,
    ask: [
      'Hola, quiero devolver el pedido {order}.',
      'La aplicación se cierra con el error {error}.',
      '¿Cómo cambio la dirección de facturación?',
    ],
    more: ['Sigue sin funcionar.', 'El número es {order}.', '¿Hay alguna novedad?'],
    answer: [
      'Gracias por escribirnos, lo reviso enseguida.',
      'Hemos reembolsado {order}.',
      'Actualice a la versión {version}, por favor.',
    ],
    thanks: ['¡Muchas gracias, solucionado!', 'Perfecto, gracias.'],
  },
  {
    language: 'it',
    weight: 3,
    ask: [
      'Buongiorno, il pagamento per l’ordine {order} è stato addebitato due volte.',
      'Non riesco ad accedere, errore {error}.',
    ],
    more: ['Non funziona ancora.', 'Il numero è {order}.'],
    answer: ['Grazie per averci scritto, controllo subito.', 'Il rimborso di {order} è in corso.'],
    thanks: ['Grazie mille, risolto!'],
  },
  {
    language: 'pt',
    weight: 4,
    ask: ['Olá, minha encomenda {order} não chegou.', 'Como cancelo a assinatura?'],
    more: ['Ainda não funciona.', 'O número é {order}.'],
    answer: ['Obrigado pelo contato, vou verificar.', 'O reembolso de {order} foi feito.'],
    thanks: ['Muito obrigado, resolvido!'],
  },
  {
    language: 'ja',
    weight: 3,
    ask: [
      '注文{order}がまだ届いていません。確認をお願いします。',
      'ログインするとエラー{error}が表示されます。',
    ],
    more: ['まだ解決していません。', '注文番号は{order}です。'],
    answer: [
      'お問い合わせありがとうございます。すぐに確認いたします。',
      '{order}の返金手続きをいたしました。',
    ],
    thanks: ['ありがとうございました。解決しました。'],
  },
  {
    language: 'zh-CN',
    weight: 3,
    ask: ['你好，我的订单{order}还没有收到，可以退款吗？', '升级到{version}以后一直出现错误{error}。'],
    more: ['还是不行。', '订单号是{order}。'],
    answer: ['感谢您的联系，我马上为您查看。', '{order}的退款已经处理，三到五个工作日到账。'],
    thanks: ['谢谢，问题解决了！'],
  },
  {
    language: 'ru',
    weight: 2,
    ask: [
      'Здравствуйте, заказ {order} ещё не пришёл.',
      'После обновления до {version} появляется ошибка {error}.',
    ],
    more: ['Всё ещё не работает.', 'Номер заказа {order}.'],
    answer: ['Спасибо за обращение, сейчас проверю.', 'Возврат по заказу {order} оформлен.'],
    thanks: ['Спасибо, всё решилось!'],
  },
  {
    language: 'th',
    weight: 1,
    ask: ['สวัสดีค่ะ ยังไม่ได้รับสินค้าหมายเลข {order} ขอคืนเงินได้ไหมคะ'],
    more: ['ยังใช้งานไม่ได้ค่ะ'],
    answer: ['ขอบคุณที่ติดต่อเรา กำลังตรวจสอบให้ค่ะ'],
    thanks: ['ขอบคุณมากค่ะ'],
  },
];

/** Notes among teammates, whatever the customer's language. */
export const NOTES: readonly string[] = [
  'Same as {order} last week, see {url}',
  'Internal: waiting for engineering, tracked as {error}. Please do not promise a date.',
  '@Lena can you take this one? Customer is on version {version}.',
  'Called back, nobody answered 📵',
];
